import { expect, test } from 'vitest'
import { RELATION_TYPES, type Structure } from '../../../schemas/structure.ts'
import { structureTask } from '../../../src/passes/30-c-structure/task.ts'
import { clusterOf, codesOf, good, named, related, salvaged, tendrils } from './tendril.ts'

const [toSeed, toNeed] = good.relations as [Structure['relations'][number], Structure['relations'][number]]

test('a good structure comes back as it is', () => {
  expect(salvaged(good)).toEqual({ answer: good, codes: [] })
})

test('an unknown member is taken off its list', () => {
  const spoilt: Structure = { ...good, members: [...good.members, { i: 9, role: 'other' }] }
  expect(salvaged(spoilt)).toEqual({ answer: good, codes: ['member_unknown'] })
})

test('of a repeated member the first entry counts, and kept comes before dropped', () => {
  const spoilt: Structure = {
    ...good,
    members: [...good.members, { i: 1, role: 'property' }],
    dropped: [{ i: 2, reason: 'twice' }, ...good.dropped],
  }
  expect(salvaged(spoilt)).toEqual({ answer: good, codes: ['member_repeated'] })
})

test('an unaccounted member is dropped with that as the reason', () => {
  const { answer, codes } = salvaged({ ...good, dropped: [] })
  expect(codes).toEqual(['member_unaccounted'])
  expect(answer.dropped).toEqual([
    { i: 3, reason: 'the answer did not mention it' },
    { i: 4, reason: 'the answer did not mention it' },
  ])
})

test('a relation with a dropped or unknown end is taken out', () => {
  const loose = [4, 9].map((src_i) => ({ ...toSeed, src_i, support_i_list: [0, src_i] }))
  expect(salvaged(related(...good.relations, ...loose))).toEqual({
    answer: good,
    codes: ['relation_endpoint_dropped'],
  })
})

test('unknown support is taken off, and a link that nothing supports goes with it', () => {
  const spoilt: Structure = {
    ...related({ ...toSeed, support_i_list: [0, 1, 3] }, toNeed),
    links: [...good.links, { name: 'root', rel_type: 'refines', support_i_list: [3, 9] }],
  }
  expect(salvaged(spoilt)).toEqual({ answer: good, codes: ['support_unknown'] })
})

test('both ends join the support, in order and without repeats', () => {
  const { answer, codes } = salvaged(related({ ...toSeed, support_i_list: [2, 2, 1] }, toNeed))
  expect(codes).toEqual(['support_missing_endpoint'])
  expect(answer.relations[0]!.support_i_list).toEqual([0, 1, 2])
})

test('the seed stands in for a canonical fact that was not kept, where it grounds the name', () => {
  expect(salvaged(named({ canonical_i: 4 }))).toEqual({ answer: good, codes: ['canonical_not_kept'] })
  const elsewhere = named({ canonical_i: 4, name: 'leaflet' })
  expect(salvaged(elsewhere)).toEqual({ answer: elsewhere, codes: [] })
})

test('only the component of the canonical fact stays, and the others are dropped with the reason', () => {
  const spoilt: Structure = {
    ...related(toNeed, { src_i: 1, dst_i: 3, rel_type: 'contradicts', support_i_list: [1, 3] }),
    members: [...good.members, { i: 3, role: 'other' }],
    dropped: [{ i: 4, reason: 'about suckers' }],
    links: [
      { name: 'shoot', rel_type: 'refines', support_i_list: [0, 1] },
      { name: 'leaflet', rel_type: 'refines', support_i_list: [1] },
    ],
  }
  expect(codesOf(spoilt)).toEqual(['keep_disconnected'])
  const { answer, codes } = salvaged(spoilt)
  expect(codes).toEqual(['keep_disconnected'])
  expect(answer.members.map(({ i }) => i)).toEqual([0, 2])
  expect(answer.dropped).toEqual([
    { i: 4, reason: 'about suckers' },
    { i: 1, reason: 'no relation ties it to the facts of the concept' },
    { i: 3, reason: 'no relation ties it to the facts of the concept' },
  ])
  expect(answer.relations).toEqual([toNeed])
  expect(answer.links).toEqual([{ name: 'shoot', rel_type: 'refines', support_i_list: [0] }])
  expect(codesOf(answer)).toEqual([])
})

test('without a kept canonical fact or seed nothing is pruned', () => {
  const spoilt: Structure = {
    ...named({ canonical_i: 4 }),
    members: [
      { i: 1, role: 'other' },
      { i: 2, role: 'other' },
    ],
    dropped: [0, 3, 4].map((i) => ({ i, reason: '' })),
    relations: [],
    links: [],
  }
  expect(salvaged(spoilt)).toEqual({ answer: spoilt, codes: [] })
})

test.each([
  ['contradicts', 'contradicts_not_explicit'],
  ['depends_on', 'depends_on_not_explicit'],
])('%s without its language becomes refines', (rel_type, code) => {
  expect(salvaged(related({ ...toSeed, rel_type }, toNeed))).toEqual({ answer: good, codes: [code] })
})

test('a softened relation unites with the same one that stands there', () => {
  const { answer } = salvaged(
    related({ ...toSeed, support_i_list: [1, 0] }, toNeed, {
      ...toSeed,
      rel_type: 'depends_on',
      support_i_list: [0, 1],
    }),
  )
  expect(answer.relations).toEqual([toSeed, toNeed])
})

test('a softened contradiction follows the refinement between its ends and makes no circle', () => {
  const against = { src_i: 0, dst_i: 1, rel_type: 'contradicts', support_i_list: [0, 1] }
  const { answer } = salvaged(related(toSeed, toNeed, against))
  expect(answer.relations).toEqual([toSeed, toNeed])
})

test('support that pruning takes away cannot make a contradiction explicit', () => {
  const cluster = clusterOf('A tendril is a shoot.', 'A tendril holds.', 'Tendrils are not roots.')
  const spoilt: Structure = {
    ...good,
    members: [0, 1, 2].map((i) => ({ i, role: 'other' })),
    dropped: [],
    relations: [{ src_i: 1, dst_i: 0, rel_type: 'contradicts', support_i_list: [0, 1, 2] }],
  }
  const { answer, codes } = salvaged(spoilt, cluster)
  expect(codes).toEqual(['contradicts_not_explicit', 'keep_disconnected'])
  expect(answer.relations).toEqual([toSeed])
})

test('nothing becomes refines where refines is no configured type', () => {
  const relationTypes = RELATION_TYPES.filter((type) => type !== 'refines')
  const task = structureTask({ relationTypes })
  const spoilt: Structure = {
    ...good,
    members: good.members.slice(0, 2),
    dropped: [2, 3, 4].map((i) => ({ i, reason: '' })),
    relations: [{ ...toSeed, rel_type: 'contradicts' }],
    links: [],
  }
  const findings = task.validate(spoilt, tendrils)
  expect(findings.map(({ code }) => code)).toEqual(['contradicts_not_explicit'])
  expect(task.salvage(spoilt, tendrils, findings)).toEqual({ answer: spoilt, codes: [] })
})

test.each([
  ['relation_self', related(...good.relations, { ...toSeed, dst_i: 1 })],
  ['relation_cycle', related(...good.relations, { ...toSeed, src_i: 0, dst_i: 1 })],
  ['relation_type_unknown', related(toSeed, { ...toNeed, rel_type: 'eats' })],
  ['concept_unnamed', named({ name: '' })],
  ['concept_name_not_grounded', named({ name: 'ivy' })],
])('%s is left to the model', (code, spoilt) => {
  expect(codesOf(spoilt)).toEqual([code])
  expect(salvaged(spoilt)).toEqual({ answer: spoilt, codes: [] })
})
