import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createUnion } from '../../../src/passes/50-m-prime-normalise/unite.ts'

const SIZE = 30
const joins = fc.array(fc.tuple(fc.nat({ max: SIZE - 1 }), fc.nat({ max: SIZE - 1 })))

const rootsAfter = (pairs: readonly (readonly [number, number])[]): number[] => {
  const union = createUnion(SIZE)
  for (const [a, b] of pairs) union.join(a, b)
  return Array.from({ length: SIZE }, (_, no) => union.rootOf(no))
}

test('the order and direction of joins do not matter', () => {
  const turned = joins.chain((pairs) =>
    fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })),
  )
  fc.assert(
    fc.property(turned, ([pairs, shuffled]) => {
      expect(rootsAfter(shuffled.map(([a, b]) => [b, a]))).toEqual(rootsAfter(pairs))
    }),
  )
})

test('the root is the smallest number of its group', () => {
  fc.assert(
    fc.property(joins, (pairs) => {
      const roots = rootsAfter(pairs)
      for (const [no, root] of roots.entries()) expect(root).toBeLessThanOrEqual(no)
      for (const [a, b] of pairs) expect(roots[a]).toBe(roots[b])
    }),
  )
})
