import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cluster, ClusterMember } from '../../../schemas/cluster.ts'
import type { Material } from '../../../schemas/delta.ts'
import { conceptIdOf } from '../../../schemas/ids.ts'
import { RELATION_TYPES, type Structure } from '../../../schemas/structure.ts'
import { materialise } from '../../../src/passes/40-m-materialise/materialise.ts'

const member = (
  i: number,
  factId: string,
  standing: ClusterMember['standing'] = 'member',
): ClusterMember => ({
  i,
  standing: i === 0 ? 'seed' : standing,
  factId,
  dupGroupId: `group of ${factId}`,
  domain: 'biology',
  text: `text of ${factId}`,
})

const cluster: Cluster = {
  clusterId: 'clu_1',
  seedFactId: 'f3',
  round: 0,
  domain: 'biology',
  isLone: false,
  members: [member(0, 'f3'), member(1, 'f1'), member(2, 'f2', 'context')],
}

const structure: Structure = {
  concept: { name: 'The  Chloroplast', gloss: ' where light\nis caught ', aliases: [], canonical_i: 1 },
  members: [
    { i: 0, role: 'definition' },
    { i: 1, role: 'property' },
    { i: 2, role: 'example' },
  ],
  dropped: [],
  relations: [],
  links: [],
}

function materialOf(changes: Partial<Structure>, keepDomainsApart = false): Material {
  const outcome = materialise({ cluster, structure: { ...structure, ...changes }, keepDomainsApart })
  if (!outcome.ok) throw outcome.failure
  return outcome.value
}

test('the concept is named as shown, and known by its normalised name', () => {
  expect(materialOf({}).concept).toEqual({
    clusterId: 'clu_1',
    conceptId: conceptIdOf('chloroplast', ''),
    name: 'The Chloroplast',
    normalisedName: 'chloroplast',
    gloss: 'where light is caught',
    aliases: [],
    domain: 'biology',
    canonicalFactId: 'f1',
  })
})

test('the domain is part of the id only where domains are kept apart', () => {
  expect(materialOf({}, true).concept.conceptId).toBe(conceptIdOf('chloroplast', 'biology'))
})

test('a kept context fact is a member, with its duplicate group', () => {
  expect(materialOf({}).members.map(({ factId, dupGroupId, role }) => [factId, dupGroupId, role])).toEqual([
    ['f1', 'group of f1', 'property'],
    ['f2', 'group of f2', 'example'],
    ['f3', 'group of f3', 'definition'],
  ])
})

test('aliases stand once each, ascending, without the name itself', () => {
  const aliases = ['plastid', 'a chloroplast', ' Plastid', '?!', 'Chlorophyll  body']
  const { concept } = materialOf({ concept: { ...structure.concept, aliases } })
  expect(concept.aliases).toEqual(['Chlorophyll body', 'Plastid'])
})

test('support holds both ends of its relation, and a relation said twice unites its support', () => {
  const { edges } = materialOf({
    relations: [
      { src_i: 0, dst_i: 1, rel_type: 'refines', support_i_list: [] },
      { src_i: 0, dst_i: 1, rel_type: 'refines', support_i_list: [2, 0] },
    ],
  })
  expect(edges).toHaveLength(1)
  expect(edges[0]).toMatchObject({ srcFactId: 'f3', dstFactId: 'f1', supportFactIds: ['f1', 'f2', 'f3'] })
})

test('a relation without direction is one edge, whichever end came first', () => {
  const there = { src_i: 0, dst_i: 1, rel_type: 'contradicts', support_i_list: [0, 1] }
  const back = { src_i: 1, dst_i: 0, rel_type: 'contradicts', support_i_list: [0, 1] }
  expect(materialOf({ relations: [there] }).edges).toEqual(materialOf({ relations: [back, there] }).edges)
})

test('a link to the concept itself or to nothing is no link', () => {
  const links = ['A chloroplast', '...', 'Light'].map((name) => ({
    name,
    rel_type: 'depends_on',
    support_i_list: [1],
  }))
  expect(materialOf({ links }).links.map((link) => link.targetNormalisedName)).toEqual(['light'])
})

test('a name of punctuation alone is a failure, not a row', () => {
  const outcome = materialise({
    cluster,
    structure: { ...structure, concept: { ...structure.concept, name: ' "..." ' } },
    keepDomainsApart: false,
  })
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'concept_unnamed' } })
})

test('a position outside the cluster is a failure, wherever it stands', () => {
  const links = [{ name: 'Light', rel_type: 'causes', support_i_list: [7] }]
  const outcome = materialise({ cluster, structure: { ...structure, links }, keepDomainsApart: false })
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'member_unknown' } })
})

const position = fc.nat({ max: 2 })
const relation = fc.record({
  src_i: position,
  dst_i: position,
  rel_type: fc.constantFrom(...RELATION_TYPES),
  support_i_list: fc.array(position, { maxLength: 4 }),
})
const link = fc.record({
  name: fc.constantFrom('Light', 'light', ' the light', 'Water'),
  rel_type: fc.constantFrom(...RELATION_TYPES),
  support_i_list: fc.array(position, { maxLength: 3 }),
})

test('the order in which an answer lists things does not reach the deltas', () => {
  const answers = fc.record({ relations: fc.array(relation), links: fc.array(link) })
  const shuffled = answers.chain((answer) =>
    fc.record({
      answer: fc.constant(answer),
      relations: fc.shuffledSubarray(answer.relations, { minLength: answer.relations.length }),
      links: fc.shuffledSubarray(answer.links, { minLength: answer.links.length }),
      members: fc.shuffledSubarray(structure.members, { minLength: structure.members.length }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ answer, ...other }) => {
      expect(materialOf(other)).toEqual(materialOf(answer))
    }),
  )
})

test('no two rows of one kind share a key', () => {
  fc.assert(
    fc.property(fc.array(relation), fc.array(link), (relations, links) => {
      const material = materialOf({ relations, links })
      const edgeKeys = material.edges.map((edge) => [edge.srcFactId, edge.dstFactId, edge.relType].join('\0'))
      const linkKeys = material.links.map((row) => [row.targetNormalisedName, row.relType].join('\0'))
      expect(new Set(edgeKeys).size).toBe(edgeKeys.length)
      expect(new Set(linkKeys).size).toBe(linkKeys.length)
      for (const edge of material.edges) {
        expect(edge.srcFactId).not.toBe(edge.dstFactId)
        expect(edge.supportFactIds).toEqual(expect.arrayContaining([edge.srcFactId, edge.dstFactId]))
      }
    }),
  )
})
