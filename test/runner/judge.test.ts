import { expect, test } from 'vitest'
import type { FinishReason } from '../../schemas/prompt.ts'
import { judge } from '../../src/runner/judge.ts'
import { good, named, related, task, tendrils } from '../passes/30-c-structure/tendril.ts'

const judged = (answer: unknown, finishReason: FinishReason = 'stop') =>
  judge(task, tendrils, {
    text: typeof answer === 'string' ? answer : JSON.stringify(answer),
    finishReason,
  })

test('a good answer is ok, also with a fence around it', () => {
  const ok = { verdict: 'ok', answer: good, salvaged: [], findings: [] }
  expect(judged(good)).toEqual(ok)
  expect(judged(`Here:\n\`\`\`json\n${JSON.stringify(good, null, 2)}\n\`\`\``)).toEqual(ok)
})

test.each([
  ['length', 'answer_truncated'],
  ['refusal', 'answer_refused'],
  ['content_filter', 'answer_filtered'],
] as const)('an answer that ended with %s is %s, however good its text', (finishReason, code) => {
  const judgement = judged(good, finishReason)
  expect(judgement.verdict).toBe('bad')
  expect(judgement.findings.map((finding) => finding.code)).toEqual([code])
})

test('an unknown way to end is judged by the text', () => {
  expect(judged(good, 'other').verdict).toBe('ok')
})

test.each([
  ['', 'answer_empty'],
  ['I would rather not.', 'json_invalid'],
  ['{"concept": {"name": "tendril"', 'json_invalid'],
])('%j is bad with %s', (text, code) => {
  expect(judged(text).findings.map((finding) => finding.code)).toEqual([code])
})

test('a schema fault names its place', () => {
  const relations = [{ ...good.relations[0], dst_i: '0' }]
  const { verdict, findings } = judged({ ...good, relations })
  expect(verdict).toBe('bad')
  expect(findings.map(({ code, at }) => ({ code, at }))).toEqual([
    { code: 'schema_invalid', at: 'relations[0].dst_i' },
  ])
})

test.each([
  ['a missing field', { ...good, links: undefined }],
  ['a field too many', { ...good, note: 'x' }],
  ['a negative position', named({ canonical_i: -1 })],
  ['a fraction', named({ canonical_i: 0.5 })],
])('%s is a schema fault', (_, answer) => {
  expect(judged(answer).findings.map(({ code }) => code)).toEqual(['schema_invalid'])
})

test('what salvage mends is accepted, with what was wrong before', () => {
  const judgement = judged({ ...good, dropped: good.dropped.slice(1) })
  expect(judgement).toMatchObject({ verdict: 'salvaged', salvaged: ['member_unaccounted'] })
  expect(judgement.findings.map(({ code }) => code)).toEqual(['member_unaccounted'])
})

test('one fault that salvage cannot mend makes the answer bad, with every fault of the answer as given', () => {
  const { verdict, findings } = judged({ ...named({ name: 'ivy' }), dropped: good.dropped.slice(1) })
  expect(verdict).toBe('bad')
  expect(findings.map(({ code }) => code)).toEqual(['concept_name_not_grounded', 'member_unaccounted'])
})

test('a fault that appears only after salvage is reported without a path', () => {
  const [toSeed, toNeed] = good.relations as [(typeof good.relations)[0], (typeof good.relations)[0]]
  const back = { src_i: 0, dst_i: 1, rel_type: 'depends_on', support_i_list: [0, 1] }
  const { verdict, findings } = judged(related(toSeed, toNeed, back))
  expect(verdict).toBe('bad')
  expect(findings.map(({ code, at }) => ({ code, at }))).toEqual([
    { code: 'depends_on_not_explicit', at: 'relations[2].rel_type' },
    { code: 'relation_cycle', at: '' },
  ])
})

test('a fault that only corrections bring up keeps the relation type that it is about', () => {
  const against = { src_i: 0, dst_i: 1, rel_type: 'depends_on', support_i_list: [0, 1] }
  const needed = { src_i: 1, dst_i: 0, rel_type: 'refines', support_i_list: [0, 1] }
  const { findings } = judged(related(...good.relations.slice(1), needed, against))
  expect(findings.map(({ code, at, relType }) => [code, at, relType])).toEqual([
    ['depends_on_not_explicit', 'relations[2].rel_type', 'depends_on'],
    ['relation_cycle', '', 'refines'],
  ])
})
