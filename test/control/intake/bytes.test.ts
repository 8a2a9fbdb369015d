/** Facts that stay bytes until they are stored, beside the same lines taken one by one. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { setup, type World } from './world.ts'

const BROKEN = readFileSync(new URL('../../data/json-repair/cases.jsonl', import.meta.url), 'utf8')
const LIMITS = { maxLineBytes: 200_000, maxTextChars: 100_000 }

const inputsOf = (line: string): string[] => (JSON.parse(line) as { input?: string }).input?.split('\n') ?? []

/** A line of every fate, and every JSON that anybody broke, between facts. */
function hostileLines(): Buffer {
  const lines: (string | Buffer)[] = []
  const put = (record: object): void => void lines.push(JSON.stringify(record))
  const broken = BROKEN.trim().split('\n').flatMap(inputsOf)
  for (const [at, part] of broken.entries()) {
    put({
      fact_id: `f${at}`,
      dup_group_id: `g${at % 50}`,
      domain: `d${at % 3}`,
      text: `Ice ${at}.`,
      source: 's',
    })
    lines.push(part, `{"fact_id":"b${at}","text":"${part}"}`, `{"fact_id":"v${at}","text":${part}}`)
  }
  put({ fact_id: 'f1', dup_group_id: 'g1', domain: 'd1', text: 'Ice 1.', source: 'another' }) // repeated
  put({ fact_id: 'f2', text: 'other content' })
  put({ fact_id: 'long', text: 'x'.repeat(90_000) })
  put({ fact_id: 'longer', text: 'é'.repeat(60_000) })
  put({ fact_id: 'long', text: 'x'.repeat(90_000) })
  put({ fact_id: 'longest', text: 'x'.repeat(100_001) })
  put({ fact_id: 'behind', text: 'Ice \u0001 with "quotes".' })
  put({ fact_id: 'behind', text: 'Ice \u0001 with "quotes".' })
  put({ fact_id: 'behind', text: 'Ice without.' })
  put({ text: 'no id', domain: 'd' })
  put({ text: 'no id', domain: 'd' })
  put({ fact_id: 'f3', removed: true })
  put({ fact_id: 'nobody', removed: true })
  put({ fact_id: 17, text: 'a number' })
  put({ fact_id: '17', text: 'a number' })
  lines.push(Buffer.from([0x7b, 0xff, 0x7d]), '', '  ', '\u2028', 'y'.repeat(200_001))
  lines.push('{"fact_id":"w","text":"Windows"}\r', '{"fact_id":"last","text":"without a newline"}')
  return Buffer.concat(lines.flatMap((line, at) => [Buffer.from(at === 0 ? '' : '\n'), Buffer.from(line)]))
}

/** In the order of arrival, without what tells how many there were before. */
function taken({ corpus }: World, planNo: number): unknown {
  const ofPlan = `JOIN inputs USING (input_no) WHERE plan_no = ${planNo}`
  return {
    facts: corpus
      .prepare(
        `SELECT fact_id, key, dup_group_id, domain, text, source, state, byte_offset, line_number
         FROM facts ${ofPlan} ORDER BY fact_no`,
      )
      .safeIntegers()
      .all(),
    refused: corpus
      .prepare(`SELECT line_number, byte_offset, code, message, excerpt FROM refused ${ofPlan} ORDER BY 1`)
      .all(),
    counters: corpus
      .prepare(
        `SELECT lines, added, changed, removed, known, repeated, filtered, refused, is_complete, last_byte_offset,
           last_line_number, last_line_hash
         FROM inputs WHERE plan_no = ?`,
      )
      .safeIntegers()
      .all(planNo),
  }
}

test.each([
  ['all domains', []],
  ['one domain', ['d1']],
])('lines of every fate end as they do one by one: %s', async (_, domains) => {
  const options = { limits: LIMITS, ...(domains.length > 0 ? { domains } : {}) }
  const content = hostileLines()
  const asBytes = await setup()
  const path = await asBytes.put('facts.jsonl', content)
  await asBytes.take([path], options)

  // A corpus that has facts keeps its indexes, and takes lines one by one.
  const oneByOne = await setup()
  await oneByOne.take([await oneByOne.put('before.jsonl', [{ fact_id: 'before', text: 'first' }])])
  await oneByOne.take([path], { ...options, planNo: 2 })

  const bytes = taken(asBytes, 1)
  expect(bytes).toEqual(taken(oneByOne, 2))
  expect(bytes).toMatchObject({ counters: [{ repeated: domains.length > 0 ? 1n : 5n }] })
  expect(asBytes.corpus.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(asBytes.corpus.pragma('foreign_key_check')).toEqual([])
  expect(asBytes.corpus.pragma('foreign_keys', { simple: true })).toBe(1)
})
