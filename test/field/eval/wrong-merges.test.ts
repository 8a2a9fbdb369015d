import { expect, test } from 'vitest'
import { findLookAlikes } from '../../../src/field/eval/find-look-alikes.ts'
import { findWrongMerges, type WrongMerge } from '../../../src/field/eval/find-wrong-merges.ts'
import { sameThing } from '../../../src/field/eval/same-thing.ts'
import { openAlgebraField } from './algebra-field.ts'

const pair = (relation: string, src: string, dst: string) => ({ relation, src, dst })
const nothingIsOne = sameThing([])

test.each([
  ['one cluster that both define', 'prime-1', 'prime-2', 'cluster'],
  ['one name for two things', 'ring-1', 'band-1', 'name'],
  ['two names that are near', 'label-1', 'label-2', 'near'],
  ['an alias that is the name of the other', 'order-1', 'order-2', 'alias'],
] as const)('two things taken for one are found with what united them: %s', async (_what, src, dst, by) => {
  const { reading } = await openAlgebraField()
  const { counts, merges } = findWrongMerges(reading, [pair('disjoint_with', src, dst)], nothingIsOne)
  expect(counts).toEqual([{ relation: 'disjoint_with', gold: 1, merged: 1, by: { [by]: 1 } }])
  expect(merges[0]).toMatchObject({ src, dst, by, conceptId: expect.stringMatching(/^con_/) })
})

test('an example may stand in the concept that it is an example of', async () => {
  const { reading } = await openAlgebraField()
  const { counts } = findWrongMerges(reading, [pair('refines', 'ring-2', 'ring-1')], nothingIsOne)
  expect(counts).toEqual([{ relation: 'refines', gold: 1, merged: 0, by: {} }])
})

test('two clusters may name one thing from two facts about it', async () => {
  const { reading } = await openAlgebraField()
  expect(reading.conceptsOf('prime-4')).toEqual(reading.conceptsOf('prime-1'))
  const { counts } = findWrongMerges(reading, [pair('part_of', 'prime-4', 'prime-1')], nothingIsOne)
  expect(counts).toEqual([{ relation: 'part_of', gold: 1, merged: 0, by: {} }])
})

test('a relation that can hold within one thing tells nothing apart, nor does gold that says both', async () => {
  const { reading } = await openAlgebraField()
  const support = [pair('supports', 'prime-1', 'prime-2')]
  expect(findWrongMerges(reading, support, nothingIsOne).counts).toEqual([])
  const both = [pair('refines', 'prime-1', 'prime-2'), pair('same_concept', 'prime-1', 'prime-2')]
  expect(findWrongMerges(reading, both, sameThing(both)).counts).toEqual([])
})

test('sameThing holds over several steps and both ways', () => {
  const isOne = sameThing([
    pair('duplicate_of', 'b', 'a'),
    pair('same_concept', 'c', 'b'),
    pair('refines', 'd', 'c'),
  ])
  expect([isOne('a', 'c'), isOne('c', 'a'), isOne('a', 'd')]).toEqual([true, true, false])
})

test('look-alikes in one concept are counted once, and those that stand for it are offered', async () => {
  const { field, reading } = await openAlgebraField()
  const offered: WrongMerge[] = []
  const count = findLookAlikes(field, reading, nothingIsOne, (one) => offered.push(one))
  expect(count).toEqual({ pairs: 2, merged: 2, by: { cluster: 1, near: 1 }, conceptsCut: 0 })
  expect(offered.map(({ src, dst }) => `${src} ${dst}`).sort()).toEqual([
    'label-1 label-2',
    'prime-1 prime-2',
  ])
})

test('look-alikes that the gold calls one thing are no fault', async () => {
  const { field, reading } = await openAlgebraField()
  const isOne = sameThing([pair('duplicate_of', 'label-2', 'label-1')])
  const count = findLookAlikes(field, reading, isOne, () => undefined)
  expect(count).toMatchObject({ pairs: 1, merged: 1, by: { cluster: 1 } })
})
