import { expect, test } from 'vitest'
import { scoreEdges } from '../../../src/field/eval/score-edges.ts'
import { openAlgebraField } from './algebra-field.ts'

const pair = (relation: string, src: string, dst: string) => ({ relation, src, dst })

test('an edge between concepts is right once, however many pairs of members it makes', async () => {
  const { reading } = await openAlgebraField()
  const gold = [pair('refines', 'field-1', 'ring-1'), pair('refines', 'band-1', 'prime-1')]
  expect(scoreEdges(reading, 'refines', gold)).toEqual({ edges: 1, rightEdges: 1, precisionByEdge: 1 })
})

test('an edge with labelled facts at both ends and no gold between them is wrong', async () => {
  const { reading } = await openAlgebraField()
  const gold = [pair('refines', 'ring-1', 'field-1'), pair('refines', 'ring-2', 'prime-1')]
  expect(scoreEdges(reading, 'refines', gold)).toEqual({ edges: 2, rightEdges: 0, precisionByEdge: 0 })
})

test('an edge of which one end is not labelled is not judged', async () => {
  const { reading } = await openAlgebraField()
  const gold = [pair('refines', 'field-1', 'prime-1')]
  expect(scoreEdges(reading, 'refines', gold)).toEqual({ edges: 0, rightEdges: 0, precisionByEdge: null })
})

test('an edge without a direction is one, whichever end it is stored at', async () => {
  const { reading } = await openAlgebraField()
  const gold = [pair('contradicts', 'prime-1', 'prime-2')]
  expect(scoreEdges(reading, 'contradicts', gold)).toEqual({ edges: 1, rightEdges: 1, precisionByEdge: 1 })
})
