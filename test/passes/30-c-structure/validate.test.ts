import { expect, test } from 'vitest'
import { FAILURES, type FailureCode } from '../../../schemas/failure.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { clusterOf, codesOf, good, named, related, task, tendrils } from './tendril.ts'

const [toSeed, toNeed] = good.relations as [Structure['relations'][number], Structure['relations'][number]]

test('a good structure has no findings', () => {
  expect(task.validate(good, tendrils)).toEqual([])
})

test('a concept of one fact, without relations, has no findings', () => {
  const lone: Structure = { ...good, members: [{ i: 0, role: 'definition' }], dropped: [], relations: [] }
  expect(codesOf(lone, clusterOf(tendrils.members[0]!.text))).toEqual([])
})

/** What each code needs to appear, and every code that then does. */
const spoilt: readonly [FailureCode, Structure, (readonly FailureCode[])?][] = [
  ['member_unknown', { ...good, dropped: [...good.dropped, { i: 9, reason: '' }] }],
  ['member_repeated', { ...good, dropped: [...good.dropped, { i: 1, reason: '' }] }],
  ['member_unaccounted', { ...good, dropped: good.dropped.slice(1) }],
  [
    'keep_empty',
    {
      ...good,
      members: [],
      dropped: [0, 1, 2, 3, 4].map((i) => ({ i, reason: '' })),
      relations: [],
      links: [],
    },
    ['canonical_not_kept', 'keep_empty'],
  ],
  ['keep_disconnected', related(toSeed)],
  ['relation_self', related(toSeed, toNeed, { ...toSeed, dst_i: 1 })],
  ['relation_endpoint_dropped', related(toSeed, toNeed, { ...toSeed, src_i: 4, support_i_list: [0, 4] })],
  ['relation_type_unknown', { ...good, links: [{ name: 'shoot', rel_type: 'eats', support_i_list: [0] }] }],
  ['relation_cycle', related(toSeed, toNeed, { ...toSeed, src_i: 0, dst_i: 1 })],
  ['support_missing_endpoint', related(toSeed, { ...toNeed, support_i_list: [2] })],
  ['support_unknown', related(toSeed, { ...toNeed, support_i_list: [0, 2, 3] })],
  ['contradicts_not_explicit', related({ ...toSeed, rel_type: 'contradicts' }, toNeed)],
  ['depends_on_not_explicit', related({ ...toSeed, rel_type: 'depends_on' }, toNeed)],
  ['canonical_not_kept', named({ canonical_i: 4 })],
  ['concept_unnamed', named({ name: ' "" ' })],
  ['concept_name_not_grounded', named({ name: 'ivy' })],
]

test.each(spoilt)('%s is found, and nothing beside what belongs to it', (code, structure, all = [code]) => {
  expect(codesOf(structure)).toEqual(all)
})

test('every code of a judged structure is triggered above', () => {
  const elsewhere = ['json_invalid', 'schema_invalid']
  const answerCodes = Object.entries(FAILURES)
    .filter(
      ([code, { kind }]) => kind === 'answer' && !code.startsWith('answer_') && !elsewhere.includes(code),
    )
    .map(([code]) => code)
  expect(spoilt.map(([code]) => code).sort()).toEqual(answerCodes.sort())
})

test('a finding names its place in the answer', () => {
  const structure = related(toSeed, toNeed, { ...toSeed, src_i: 4, support_i_list: [0, 4] })
  expect(task.validate(structure, tendrils)).toEqual([
    {
      code: 'relation_endpoint_dropped',
      at: 'relations[2].src_i',
      message: 'fact 4 is not one of the kept facts',
      relType: 'refines',
    },
  ])
})

/** The relation type of the spoilt structure's findings, where one relation or link is at fault. */
const about: Partial<Record<FailureCode, string>> = {
  relation_self: 'refines',
  relation_endpoint_dropped: 'refines',
  relation_type_unknown: 'eats',
  relation_cycle: 'refines',
  support_missing_endpoint: 'depends_on',
  support_unknown: 'depends_on',
  contradicts_not_explicit: 'contradicts',
  depends_on_not_explicit: 'depends_on',
}

test.each(spoilt)('%s names the type of the relation that is at fault, where one is', (code, structure) => {
  const types = task.validate(structure, tendrils).flatMap(({ relType }) => relType ?? [])
  expect(types).toEqual(code in about ? [about[code]] : [])
})

test('a longer circle is found, and a circle of two types is none', () => {
  const cluster = clusterOf('Tendril a requires b.', 'Tendril b needs c.', 'Tendril c depends on a.')
  const ring = (types: readonly string[]): Structure => ({
    ...good,
    members: [0, 1, 2].map((i) => ({ i, role: 'other' })),
    dropped: [],
    relations: types.map((rel_type, i) => ({
      src_i: i,
      dst_i: (i + 1) % 3,
      rel_type,
      support_i_list: [i, (i + 1) % 3],
    })),
  })
  expect(codesOf(ring(['depends_on', 'depends_on', 'depends_on']), cluster)).toEqual(['relation_cycle'])
  expect(codesOf(ring(['depends_on', 'depends_on', 'refines']), cluster)).toEqual([])
  expect(codesOf(ring(['supports', 'supports', 'supports']), cluster)).toEqual([])
})

test('a link that no fact supports is found', () => {
  expect(codesOf({ ...good, links: [{ name: 'shoot', rel_type: 'refines', support_i_list: [] }] })).toEqual([
    'support_unknown',
  ])
})

test('explicit language in any kept supporting fact is enough', () => {
  const structure: Structure = {
    ...good,
    members: [0, 1, 2, 3].map((i) => ({ i, role: 'other' })),
    dropped: [{ i: 4, reason: '' }],
    relations: [
      ...good.relations,
      { src_i: 3, dst_i: 0, rel_type: 'supports', support_i_list: [0, 3] },
      { src_i: 1, dst_i: 0, rel_type: 'contradicts', support_i_list: [0, 1, 3] },
    ],
  }
  expect(codesOf(structure)).toEqual([])
})

test('a fact that was not kept cannot make a contradiction explicit', () => {
  const against = { ...toSeed, rel_type: 'contradicts', support_i_list: [0, 1, 3] }
  expect(codesOf(related(against, toNeed))).toEqual(['support_unknown', 'contradicts_not_explicit'])
})

test.each([
  ['Tendrils', []],
  ['TENDRIL of the pea', []],
  ['the climbing of ivy', []],
  ['of the', ['concept_name_not_grounded']],
  ['tend', ['concept_name_not_grounded']],
])('the name %j is grounded or not by its words', (name, codes) => {
  expect(codesOf(named({ name }))).toEqual(codes)
})

test('a name in an unspaced script is grounded in its text', () => {
  const cluster = clusterOf('光合作用需要阳光。')
  const structure = (name: string): Structure => ({
    concept: { name, gloss: '', aliases: [], canonical_i: 0 },
    members: [{ i: 0, role: 'definition' }],
    dropped: [],
    relations: [],
    links: [],
  })
  expect(codesOf(structure('光合作用'), cluster)).toEqual([])
  expect(codesOf(structure('细胞分裂'), cluster)).toEqual(['concept_name_not_grounded'])
})
