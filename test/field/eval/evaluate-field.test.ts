import { expect, test } from 'vitest'
import { loadHashKey } from '../../../shards/hash-key.ts'
import { compareEvaluations } from '../../../src/field/eval/compare-evaluations.ts'
import { evaluateField } from '../../../src/field/eval/evaluate-field.ts'
import { scoreIdentity } from '../../../src/field/eval/score-identity.ts'
import { openAlgebraField } from './algebra-field.ts'

const pair = (relation: string, src: string, dst: string) => ({ relation, src, dst })

const GOLD = {
  relations: [
    pair('instance_of', 'ring-2', 'ring-1'),
    pair('refines', 'ring-2', 'ring-1'),
    pair('refines', 'field-1', 'prime-1'),
    pair('regulates', 'ring-1', 'prime-1'),
    pair('opposite_of', 'prime-1', 'prime-2'),
    pair('same_concept', 'order-1', 'order-2'),
  ],
  trees: [{ leaves: ['ring-1', 'ring-2', 'lost-1'], distractors: ['prime-1'] }],
}

async function evaluateAlgebra(more: { map?: Record<string, string>; sampleSize?: number } = {}) {
  const { field } = await openAlgebraField()
  const options = { map: {}, relationTypes: ['refines', 'contradicts'], sampleSize: 3, ...more }
  return evaluateField(field, GOLD, options, await loadHashKey())
}

test('two relations of the gold that mean one type are one pair', async () => {
  const { types, gold } = (await evaluateAlgebra()).evaluation
  expect(types).toMatchObject([{ relType: 'refines', gold: 2, found: 1 }])
  expect(gold.find(({ relation }) => relation === 'instance_of')).toMatchObject({
    measuredAs: 'refines',
    pairs: 1,
  })
})

test('a relation without a type in the field is counted, and measured where it is mapped', async () => {
  const { gold } = (await evaluateAlgebra()).evaluation
  expect(gold.find(({ relation }) => relation === 'opposite_of')).toMatchObject({
    measuredAs: null,
    pairs: 1,
  })
  const { types } = (await evaluateAlgebra({ map: { opposite_of: 'contradicts' } })).evaluation
  expect(types).toMatchObject([
    { relType: 'contradicts', gold: 1, found: 1 },
    { relType: 'refines', gold: 2 },
  ])
})

test('leaves meet in clusters and concepts, distractors do not', async () => {
  const { trees } = (await evaluateAlgebra()).evaluation
  expect(trees).toEqual({
    trees: 1,
    leaves: { pairs: 3, inOneCluster: 3, inOneConcept: 1 },
    distractors: { pairs: 3, inOneCluster: 0, inOneConcept: 0 },
  })
})

test('each pair of one thing stands in one column: met, apart or lost', async () => {
  const { reading } = await openAlgebraField()
  const gold = [
    pair('same_concept', 'order-1', 'order-2'),
    pair('same_concept', 'ring-1', 'prime-1'),
    pair('same_concept', 'ring-1', 'lost-1'),
  ]
  expect(scoreIdentity(reading, 'same_concept', gold, 1).score).toEqual({
    relation: 'same_concept',
    inOneGroup: 1,
    inOneConcept: 1,
    apart: 1,
    lost: 1,
    metShare: 0.5,
  })
})

test('cases are shown with their texts and the name of the concept, as many as were asked for', async () => {
  const { types, wrongMerges, identities } = (await evaluateAlgebra()).evaluation
  expect(types[0]!.samples.missed).toEqual([
    {
      relation: 'refines',
      src: { factId: 'field-1', text: 'A field is a commutative ring with inverses.' },
      dst: expect.objectContaining({ factId: 'prime-1' }),
    },
  ])
  expect(wrongMerges.samples).toMatchObject([{ conceptName: 'Prime', by: 'cluster' }])
  expect(identities[0]!.samples.apart).toEqual([])
  const none = (await evaluateAlgebra({ sampleSize: 0 })).evaluation
  expect([none.types[0]!.samples.missed, none.wrongMerges.samples, none.lookAlikes.samples]).toEqual([
    [],
    [],
    [],
  ])
})

test('a field differs from itself in nothing, and from another in what only one of them found', async () => {
  const here = await evaluateAlgebra()
  const none = { count: 0, samples: [] }
  const same = { here: none, there: none }
  expect(compareEvaluations(here, here)).toEqual({ found: same, met: same, wronglyMerged: same })
  const there = { ...here, outcomes: { ...here.outcomes, found: new Map() } }
  expect(compareEvaluations(here, there).found).toMatchObject({
    here: { count: 1, samples: [{ src: { factId: 'ring-2' }, dst: { factId: 'ring-1' } }] },
    there: none,
  })
})
