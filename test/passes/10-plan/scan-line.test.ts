import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acceptLine } from '../../../src/passes/10-plan/accept-line.ts'
import { columnMapOf } from '../../../src/passes/10-plan/column-map.ts'
import { createLineScanner, FIELD_WORDS } from '../../../src/passes/10-plan/scan-line.ts'

const rules = { columns: columnMapOf({}), maxTextChars: 60 }
const CASES = new URL('../../data/json-repair/cases.jsonl', import.meta.url)

/** The fact that the scanner found, null where it left the line to be read with care. */
function scanned(line: string, { columns, maxTextChars } = rules) {
  // Between other lines, as it stands in a block; a scanner that looks beyond its line sees them.
  const before = '{"fact_id":"x"}\n'
  const bytes = Buffer.from(`${before}${line}\n"}`)
  const start = before.length
  const spans = new Int32Array(FIELD_WORDS + 2)
  const end = start + Buffer.byteLength(line)
  if (!createLineScanner({ columns, maxTextChars })(bytes, start, end, spans, 2)) return null
  const [factId, dupGroupId, domain, text, source] = [2, 4, 6, 8, 10].map((at) =>
    bytes.toString('utf8', spans[at], spans[at + 1]),
  )
  return { factId, dupGroupId, domain, text, source }
}

/** What both say of a line that the scanner takes; nothing where it does not. */
function expectSame(line: string, other = rules): void {
  const found = scanned(line, other)
  if (found !== null) {
    expect(acceptLine(line, other)).toEqual({ ok: true, value: { kind: 'fact', fact: found } })
  }
}

const record = { fact_id: 'f1', dup_group_id: 'g1', domain: 'd', text: 'Ice is cold.', source: 's' }

describe('a line that is taken over its bytes', () => {
  test.each([
    ['all fields', JSON.stringify(record)],
    ['any order, spaces and a carriage return', '{ "text" : "Ice.",\t"fact_id":"f1" , "source":"s"} \r'],
    ['fields that no fact has', '{"note":"none","fact_id":"f1","note":"twice","text":"Ice."}'],
    ['an empty group, which is the id', '{"fact_id":"f1","dup_group_id":"","text":"Ice."}'],
    ['letters of any script', '{"fact_id":"ключ","text":"氷は冷たい。","domain":"é","source":"𝒳"}'],
    ['a text that begins with a letter of three bytes', '{"fact_id":"f","text":"ếch","source":""}'],
    ['ids and texts of the greatest length', `{"fact_id":"${'i'.repeat(512)}","text":"${'t'.repeat(60)}"}`],
  ])('has %s', (_, line) => {
    expect(scanned(line)).not.toBeNull()
    expectSame(line)
  })

  test('has columns of other names, however they are spelled in UTF-8', () => {
    const columns = columnMapOf({ text: 'Aussage', fact_id: 'naïve', source: '__proto__' })
    const line = '{"naïve":"f1","Aussage":"Ice.","__proto__":"s","fact_id":"no","text":"no"}'
    expect(scanned(line, { ...rules, columns })).toMatchObject({ factId: 'f1', text: 'Ice.', source: 's' })
    expectSame(line, { ...rules, columns })
  })
})

describe('a line is left to be read with care', () => {
  test.each([
    ['an escape in a value', '{"fact_id":"f1","text":"Ice\\n"}'],
    ['an escape in a name', '{"fact_id":"f1","te\\u0078t":"Ice"}'],
    ['a field twice', '{"fact_id":"f1","text":"Ice","text":"Snow"}'],
    ['a number', '{"fact_id":1,"text":"Ice"}'],
    ['a nested value', '{"fact_id":"f1","text":"Ice","more":{"a":"b"}}'],
    ['a list', '{"fact_id":"f1","text":"Ice","more":["b"]}'],
    ['null', '{"fact_id":"f1","text":"Ice","domain":null}'],
    ['a removal', '{"fact_id":"f1","text":"Ice","removed":"false"}'],
    ['no id', '{"text":"Ice"}'],
    ['an empty id', '{"fact_id":"","text":"Ice"}'],
    ['no text', '{"fact_id":"f1"}'],
    ['a text of space that is not ASCII', '{"fact_id":"f1","text":"\u3000\u00a0\u2003\ufeff"}'],
    ['a text of spaces', '{"fact_id":"f1","text":"   "}'],
    ['a text too long', `{"fact_id":"f1","text":"${'t'.repeat(61)}"}`],
    ['an id too long', `{"fact_id":"${'i'.repeat(513)}","text":"Ice"}`],
    ['a group too long', `{"fact_id":"f1","dup_group_id":"${'i'.repeat(513)}","text":"Ice"}`],
    ['a control character', '{"fact_id":"f1","text":"Ice\u0001"}'],
    ['a NUL', '{"fact_id":"f1","text":"Ice\0"}'],
    ['a comma too many', '{"fact_id":"f1","text":"Ice",}'],
    ['a comma too few', '{"fact_id":"f1" "text":"Ice"}'],
    ['something behind it', '{"fact_id":"f1","text":"Ice"}}'],
    ['another object behind it', '{"fact_id":"f1","text":"Ice"}{}'],
    ['no end', '{"fact_id":"f1","text":"Ice"'],
    ['a string without its end', '{"fact_id":"f1","text":"Ice'],
    ['a mark in front', '\ufeff{"fact_id":"f1","text":"Ice"}'],
    ['a space that JSON does not know', '{"fact_id":"f1",\u00a0"text":"Ice"}'],
    ['a list around it', '[{"fact_id":"f1","text":"Ice"}]'],
    ['nothing in it', '{}'],
    ['nothing at all', ''],
  ])('that has %s', (_, line) => {
    expect(scanned(line)).toBeNull()
  })

  test('where one column is for two fields', () => {
    const columns = columnMapOf({ dup_group_id: 'fact_id' })
    expect(scanned(JSON.stringify(record), { ...rules, columns })).toBeNull()
  })
})

test('every JSON that anybody broke is taken as the careful way takes it, or left to it', () => {
  for (const line of readFileSync(CASES, 'utf8').trim().split('\n')) {
    const { input } = JSON.parse(line) as { input?: string }
    for (const part of (input ?? '').split('\n')) {
      expectSame(part)
      expectSame(`{"fact_id":"f1","text":${part}}`)
      expectSame(`{"fact_id":"f1","text":"${part}"}`)
      expectSame(`{"fact_id":"f1","text":"Ice",${part}}`)
      expectSame(`${JSON.stringify(record).slice(0, -1)},"more":${part}}`)
    }
  }
})

const NAMES = ['fact_id', 'dup_group_id', 'domain', 'text', 'source', 'removed', 'note', '', '__proto__']
const CHARACTERS = fc.string({ unit: 'binary', maxLength: 70 })
const VALUES = fc.oneof({ weight: 6, arbitrary: CHARACTERS }, fc.jsonValue({ maxDepth: 1 }))
const MEMBERS = fc.array(fc.tuple(fc.constantFrom(...NAMES), VALUES), { maxLength: 7 })
const SPACES = fc.constantFrom('', '', '', ' ', '\t', '\r', '\v', '\u00a0')

/** Members as they came, with fields twice, and strings without the escapes they would need. */
const LINES = fc
  .tuple(MEMBERS, SPACES, fc.boolean(), fc.constantFrom('', '', '', ',', '}', ' ', '"'))
  .map(([members, space, isRaw, end]) => {
    const written = members.map(([name, value]) => {
      const text = isRaw && typeof value === 'string' ? `"${value}"` : JSON.stringify(value)
      return `"${name}"${space}:${space}${text}`
    })
    return `{"fact_id":"f1"${space},${written.join(`,${space}`)}}${end}`.replaceAll('\n', ' ')
  })
  // A file of valid UTF-8 cannot hold half a pair.
  .filter((line) => !/\p{Surrogate}/u.test(line))

test('whatever a line is, taken over its bytes it is what the careful way takes', () => {
  let taken = 0
  const options = { numRuns: process.env.RFF_TEST_FULL === '1' ? 200_000 : 4_000 }
  fc.assert(
    fc.property(LINES, (line) => {
      if (scanned(line) !== null) taken += 1
      expectSame(line)
    }),
    options,
  )
  expect(taken).toBeGreaterThan(options.numRuns / 100)
})

test('one byte changed anywhere in a fact is seen by both, or by neither', () => {
  const line = '{"fact_id":"f1", "dup_group_id":"g1","domain":"é","text":"氷 is cold.","source":"s"}'
  const bytes = Buffer.from(line)
  for (let at = 0; at < bytes.length; at++) {
    for (let byte = 0; byte < 0x100; byte++) {
      const changed = Buffer.from(bytes)
      changed[at] = byte
      const text = changed.toString('utf8')
      if (byte !== 0x0a && Buffer.from(text).equals(changed)) expectSame(text)
    }
  }
})
