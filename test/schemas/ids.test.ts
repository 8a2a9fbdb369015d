import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterIdOf } from '../../schemas/ids.ts'

const key = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

test('cluster ids are in the order of the keys of their seeds', () => {
  fc.assert(
    fc.property(key, key, fc.string(), fc.string(), (a, b, one, other) => {
      fc.pre(a !== b)
      expect(clusterIdOf(one, 0, a) < clusterIdOf(other, 7, b)).toBe(a < b)
    }),
  )
})

test('the first and the last key give ids of the same form', () => {
  for (const at of [-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n])
    expect(clusterIdOf('seed', 0, at)).toMatch(/^clu_[0-9a-f]{24}$/)
})

test('clusters of one seed in two rounds, and of two seeds with one key, are told apart', () => {
  const ids = [clusterIdOf('a', 0, 5n), clusterIdOf('a', 1, 5n), clusterIdOf('b', 0, 5n)]
  expect(new Set(ids).size).toBe(3)
})
