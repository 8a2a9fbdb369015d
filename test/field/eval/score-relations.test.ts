import { expect, test } from 'vitest'
import { pairKey } from '../../../src/field/eval/gold-pairs.ts'
import { ratiosOf, scoreType } from '../../../src/field/eval/score-relations.ts'
import { openAlgebraField } from './algebra-field.ts'

const pair = (relation: string, src: string, dst: string) => ({ relation, src, dst })

test('an edge between two facts finds its pair, and so does one between two of their concepts', async () => {
  const { reading } = await openAlgebraField()
  const gold = [pair('refines', 'ring-2', 'ring-1'), pair('refines', 'field-1', 'ring-1')]
  const { score, found } = scoreType(reading, 'refines', gold)
  expect([...found].sort()).toEqual(gold.map(pairKey).sort())
  expect(score).toMatchObject({ gold: 2, found: 2, recall: 1 })
})

test('the wrong direction is not found', async () => {
  const { reading } = await openAlgebraField()
  const { score, wrong } = scoreType(reading, 'refines', [pair('refines', 'ring-1', 'ring-2')])
  expect(score).toMatchObject({ found: 0, predicted: 1, precision: 0 })
  expect(wrong).toEqual([pair('refines', 'ring-2', 'ring-1')])
})

test('where a type has no direction, either one is found, and once', async () => {
  const { reading } = await openAlgebraField()
  expect(reading.targetsOf('prime-1', 'contradicts').length).not.toBe(
    reading.targetsOf('prime-2', 'contradicts').length,
  )
  const gold = [pair('contradicts', 'prime-1', 'prime-2')]
  expect(scoreType(reading, 'contradicts', gold).score).toMatchObject({ found: 1, predicted: 1 })
})

test('a pair that shares a concept without the relation is counted apart and not found', async () => {
  const { reading } = await openAlgebraField()
  const { score } = scoreType(reading, 'part_of', [pair('part_of', 'prime-3', 'prime-1')])
  expect(score).toMatchObject({ found: 0, inOneConcept: 1, recall: 0 })
})

test('what the field says of a fact that nobody labelled counts neither for it nor against it', async () => {
  const { reading } = await openAlgebraField()
  // field-1 also refines ring-2 and band-1, which share a concept with ring-1.
  const { score } = scoreType(reading, 'refines', [pair('refines', 'field-1', 'ring-1')])
  expect(score).toMatchObject({ predicted: 1, found: 1, precision: 1 })
  const labelled = [pair('refines', 'field-1', 'ring-1'), pair('refines', 'band-1', 'prime-1')]
  expect(scoreType(reading, 'refines', labelled).score).toMatchObject({ predicted: 2, found: 1, implied: 0 })
})

test('what follows from the gold over several steps is told apart from what is wrong', async () => {
  const { reading } = await openAlgebraField()
  const gold = [pair('refines', 'field-1', 'prime-1'), pair('refines', 'prime-1', 'ring-1')]
  const { score, wrong } = scoreType(reading, 'refines', gold)
  expect(score).toMatchObject({ predicted: 1, found: 0, implied: 1 })
  expect(wrong).toEqual([])
})

test('a fact that its cluster dropped is missed, though the cluster showed both', async () => {
  const { reading } = await openAlgebraField()
  const { score } = scoreType(reading, 'refines', [pair('refines', 'lost-1', 'ring-1')])
  expect(score).toMatchObject({ inOneCluster: 1, inField: 0, inOneConcept: 0, found: 0 })
})

test('F1 is the harmonic mean of precision and recall, and nothing is divided by nothing', () => {
  const { precision, recall, f1 } = ratiosOf(3, 4, 6)
  expect(f1).toBeCloseTo(2 / (1 / precision! + 1 / recall!), 12)
  expect(ratiosOf(0, 0, 5)).toEqual({ precision: null, recall: 0, f1: 0 })
  expect(ratiosOf(0, 0, 0)).toEqual({ precision: null, recall: null, f1: null })
})
