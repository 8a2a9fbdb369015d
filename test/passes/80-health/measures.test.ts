import fc from 'fast-check'
import { expect, test } from 'vitest'
import { degreeTail } from '../../../src/passes/80-health/degree-tail.ts'
import { diverge } from '../../../src/passes/80-health/diverge.ts'
import { findComponents } from '../../../src/passes/80-health/find-components.ts'
import { millionthsOf } from '../../../src/passes/80-health/millionths.ts'
import { percentile } from '../../../src/passes/80-health/percentile.ts'

const counts = (entries: Record<string, number>): Map<string, number> => new Map(Object.entries(entries))

test('equal shares diverge by nothing, disjoint ones by a whole bit', () => {
  expect(diverge(counts({ a: 1, b: 2 }), counts({ a: 100, b: 200 }))).toBe(0)
  expect(diverge(counts({ a: 3 }), counts({ b: 5 }))).toBe(1_000_000)
})

test('divergence is what the definition gives', () => {
  // Half against all of one kind: 1/2 · (½ log2(½/¾) + ½ log2(½/¼)) + 1/2 · log2(1/¾) = 0.311278 bits.
  expect(diverge(counts({ a: 1, b: 1 }), counts({ a: 1 }))).toBe(311_278)
})

test('an empty distribution has no divergence', () => {
  expect(diverge(counts({}), counts({ a: 1 }))).toBeNull()
  expect(diverge(counts({ a: 0 }), counts({ a: 1 }))).toBeNull()
})

test('divergence is symmetric, within a bit, and blind to the order of kinds', () => {
  const distribution = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.integer({ min: 1, max: 1_000 }),
    {
      minKeys: 1,
    },
  )
  fc.assert(
    fc.property(distribution, distribution, (a, b) => {
      const bits = diverge(counts(a), counts(b))!
      const turned = new Map([...counts(a)].reverse())
      expect(bits).toBeGreaterThanOrEqual(0)
      expect(bits).toBeLessThanOrEqual(1_000_000)
      expect(diverge(counts(b), turned)).toBe(bits)
    }),
  )
})

test('components agree with walking the graph', () => {
  const graph = fc
    .integer({ min: 1, max: 20 })
    .chain((size) =>
      fc.tuple(
        fc.constant(size),
        fc.array(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: size - 1 })), { maxLength: 25 }),
      ),
    )
  fc.assert(
    fc.property(graph, ([size, edges]) => {
      const sizes = walk(size, edges)
      expect(findComponents(size, edges)).toEqual({ count: sizes.length, largest: Math.max(...sizes) })
    }),
  )
})

function walk(size: number, edges: readonly (readonly [number, number])[]): number[] {
  const seen = new Set<number>()
  const sizes: number[] = []
  for (let start = 0; start < size; start++) {
    if (seen.has(start)) continue
    const reached = new Set([start])
    for (const node of reached)
      for (const [a, b] of edges) {
        if (a === node) reached.add(b)
        if (b === node) reached.add(a)
      }
    for (const node of reached) seen.add(node)
    sizes.push(reached.size)
  }
  return sizes
}

test('no node has no component', () => {
  expect(findComponents(0, [])).toEqual({ count: 0, largest: 0 })
})

test('a percentile is the value of the nearest rank', () => {
  const bars = [
    { value: 10, count: 1 },
    { value: 20, count: 18 },
    { value: 90, count: 1 },
  ]
  expect(percentile(bars, 5)).toBe(10)
  expect(percentile(bars, 50)).toBe(20)
  expect(percentile(bars, 95)).toBe(20)
  expect(percentile(bars, 100)).toBe(90)
})

test('the tail counts concepts by powers of two up to the largest degree', () => {
  const histogram = [
    { degree: 0, concepts: 5 },
    { degree: 1, concepts: 3 },
    { degree: 5, concepts: 1 },
  ]
  expect(degreeTail(histogram)).toEqual([
    { at_least: 1, concepts: 4 },
    { at_least: 2, concepts: 1 },
    { at_least: 4, concepts: 1 },
  ])
})

test('a share of nothing is no number', () => {
  expect(millionthsOf(0, 0)).toBeNull()
  expect(millionthsOf(1, 3)).toBe(333_333)
})
