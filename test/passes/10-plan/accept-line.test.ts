import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factIdOf } from '../../../schemas/ids.ts'
import { acceptLine, acceptRecord } from '../../../src/passes/10-plan/accept-line.ts'
import { columnMapOf } from '../../../src/passes/10-plan/column-map.ts'

const rules = { columns: columnMapOf({}), maxTextChars: 100 }

const codeOf = (line: string): string => {
  const accepted = acceptLine(line, rules)
  return accepted.ok ? 'accepted' : accepted.failure.code
}

const factOf = (record: object, columns = rules.columns) => {
  const accepted = acceptLine(JSON.stringify(record), { ...rules, columns })
  return accepted.ok && accepted.value.kind === 'fact' ? accepted.value.fact : undefined
}

describe('what is taken', () => {
  test('a whole record is taken as it is, surrounding spaces included', () => {
    const record = { fact_id: 'a', dup_group_id: 'g', domain: 'd', text: ' Ice is cold. ', source: 's' }
    expect(factOf(record)).toEqual({
      factId: 'a',
      dupGroupId: 'g',
      domain: 'd',
      text: ' Ice is cold. ',
      source: 's',
    })
  })

  test('a record without an id is named after its content and is a group of its own', () => {
    const fact = factOf({ text: 'Ice is cold.', domain: 'water' })!
    expect(fact.factId).toBe(factIdOf('water', 'Ice is cold.'))
    expect(fact.dupGroupId).toBe(fact.factId)
  })

  test('null and empty ids are no ids', () => {
    const id = factIdOf('', 'x')
    expect(factOf({ text: 'x', fact_id: null, dup_group_id: '' })).toMatchObject({
      factId: id,
      dupGroupId: id,
    })
  })

  test('whole numbers become text', () => {
    expect(factOf({ fact_id: 7, dup_group_id: 8, domain: 9, source: 10, text: 'x' })).toEqual({
      factId: '7',
      dupGroupId: '8',
      domain: '9',
      source: '10',
      text: 'x',
    })
  })

  test('mapped columns are read instead of the fields they stand for', () => {
    const columns = columnMapOf({ text: 'statement', fact_id: 'nr' })
    expect(factOf({ nr: 1, statement: 'x', text: 'another column' }, columns)).toMatchObject({
      factId: '1',
      text: 'x',
    })
  })

  test('a column that every object inherits is absent unless the record has it', () => {
    const columns = columnMapOf({ source: 'constructor', text: 'toString' })
    expect(factOf({ toString: 'x' }, columns)).toMatchObject({ text: 'x', source: '' })
  })

  test('a removal needs an id, or the content that would have given one', () => {
    const removal = acceptLine('{"fact_id":"a","removed":true}', rules)
    expect(removal).toEqual({ ok: true, value: { kind: 'removal', factId: 'a' } })
    const byContent = acceptLine('{"text":"x","removed":"1"}', rules)
    expect(byContent).toEqual({ ok: true, value: { kind: 'removal', factId: factIdOf('', 'x') } })
    expect(codeOf('{"removed":true}')).toBe('text_missing')
  })

  test('a record that is marked as not removed is a fact', () => {
    for (const removed of [false, null, 0, '', 'false', '0'])
      expect(factOf({ text: 'x', removed })).toBeDefined()
  })
})

describe('what is refused', () => {
  test.each([
    ['{', 'line_not_json'],
    ['nonsense', 'line_not_json'],
    ['[]', 'line_not_object'],
    ['null', 'line_not_object'],
    ['"text"', 'line_not_object'],
    ['{"text":"a\0b"}', 'line_has_nul'],
    ['{"text":"a\\u0000b"}', 'line_has_nul'],
    ['{"text":"x","fact_id":"\\u0000"}', 'line_has_nul'],
    ['{}', 'text_missing'],
    ['{"text":null}', 'text_missing'],
    ['{"text":""}', 'text_missing'],
    ['{"text":" \\t\\u00a0"}', 'text_missing'],
    ['{"text":7}', 'field_wrong_type'],
    ['{"text":["x"]}', 'field_wrong_type'],
    ['{"text":"x","fact_id":1.5}', 'field_wrong_type'],
    ['{"text":"x","fact_id":true}', 'field_wrong_type'],
    ['{"text":"x","source":{}}', 'field_wrong_type'],
    ['{"text":"x","removed":"maybe"}', 'field_wrong_type'],
    ['{"text":"half \\ud83d pair"}', 'text_lone_surrogate'],
    ['{"text":"x","domain":"\\udc00"}', 'text_lone_surrogate'],
  ])('%s is refused as %s', (line, code) => {
    expect(codeOf(line)).toBe(code)
  })

  test('a number that JSON has already rounded is no id', () => {
    expect(codeOf('{"text":"x","fact_id":9007199254740993}')).toBe('field_wrong_type')
    expect(codeOf('{"text":"x","fact_id":9007199254740991}')).toBe('accepted')
  })

  test('a whole surrogate pair is a character like any other', () => {
    expect(codeOf('{"text":"\\ud83d\\ude00"}')).toBe('accepted')
  })

  test('the limits are inclusive', () => {
    expect(codeOf(JSON.stringify({ text: 'x'.repeat(100) }))).toBe('accepted')
    expect(codeOf(JSON.stringify({ text: 'x'.repeat(101) }))).toBe('text_too_long')
    expect(codeOf(JSON.stringify({ text: 'x', fact_id: 'i'.repeat(512) }))).toBe('accepted')
    expect(codeOf(JSON.stringify({ text: 'x', fact_id: 'i'.repeat(513) }))).toBe('fact_id_too_long')
    expect(codeOf(JSON.stringify({ text: 'x', dup_group_id: 'i'.repeat(513) }))).toBe('fact_id_too_long')
  })

  test('bytes in a row are refused as what they are: not text', () => {
    const row = { text: Buffer.from([0xff]) }
    const accepted = acceptRecord({ kind: 'row', row, byteOffset: 1, lineNumber: 1 }, rules)
    expect(accepted).toMatchObject({ ok: false, failure: { code: 'line_not_utf8' } })
  })
})

test('whatever a line holds, it is accepted or refused with a code and never throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json(),
        fc.json().map((text) => `{"text":${text}}`),
      ),
      (line) => {
        const accepted = acceptLine(line, rules)
        expect(accepted.ok ? accepted.value.kind : accepted.failure.message).not.toBe('')
      },
    ),
  )
})

test('a field that no fact has cannot be mapped', () => {
  expect(() => columnMapOf({ statement: 'text' })).toThrow(/fact_id, dup_group_id/)
})
