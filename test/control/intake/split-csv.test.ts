import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitCsv } from '../../../src/control/intake/split-csv.ts'

const parsed = (record: string): unknown => parse(record, { relax_column_count: true })[0]

const CHARACTERS = fc.constantFrom('"', '"', ',', 'a', ' ', '\r', '\n', 'é', '𝒳')
const RECORDS = fc.string({ unit: CHARACTERS, minLength: 1, maxLength: 9 })

test('whatever a record with quotes is, csv-parse finds the same fields in it', () => {
  let split = 0
  fc.assert(
    fc.property(RECORDS, (record) => {
      fc.pre(record.includes('"'))
      const fields = splitCsv(record)
      if (fields === null) return
      split += 1
      expect(fields).toEqual(parsed(record))
    }),
    { numRuns: process.env.RFF_TEST_FULL === '1' ? 100_000 : 5_000 },
  )
  expect(split).toBeGreaterThan(50)
})

const FIELDS = fc.array(fc.string({ unit: CHARACTERS }), { minLength: 1, maxLength: 6 })

test('what was written with quotes comes back, without another parser', () => {
  fc.assert(
    fc.property(FIELDS, (fields) => {
      const record = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')
      expect(splitCsv(record)).toEqual(fields)
    }),
  )
})

test.each(['"a', 'a"b"', '"a"b', '"a" ,b', '"a","b', 'a\rb,"c"'])('%j is left to csv-parse', (record) => {
  expect(splitCsv(record)).toBeNull()
})
