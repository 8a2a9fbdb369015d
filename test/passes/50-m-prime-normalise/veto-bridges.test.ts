import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Edge, vetoBridges } from '../../../src/passes/50-m-prime-normalise/veto-bridges.ts'

const weak = (a: number, b: number): Edge => ({ a, b, isStrong: false })
const strong = (a: number, b: number): Edge => ({ a, b, isStrong: true })

test('one weak edge between two pairs is vetoed', () => {
  const bridge = weak(1, 2)
  expect(vetoBridges([strong(0, 1), bridge, strong(2, 3)]).vetoed).toEqual([bridge])
})

test('a strong edge between two pairs stays', () => {
  expect(vetoBridges([weak(0, 1), strong(1, 2), weak(2, 3)]).vetoed).toEqual([])
})

test('two weak edges between two pairs hold each other', () => {
  expect(vetoBridges([strong(0, 1), weak(1, 2), weak(0, 3), strong(2, 3)]).vetoed).toEqual([])
})

test('a single concept may hang on a weak edge', () => {
  expect(vetoBridges([strong(0, 1), weak(1, 2)]).vetoed).toEqual([])
})

test('a long chain of weak edges does not overflow the stack', () => {
  const chain = Array.from({ length: 50_000 }, (_, no) => weak(no, no + 1))
  expect(vetoBridges(chain).vetoed).toHaveLength(50_000 - 2)
})

/** How many nodes can be reached from one, without one of the edges. */
function reach(edges: readonly Edge[], from: number): Set<number> {
  const reached = new Set([from])
  for (let grew = true; grew; ) {
    grew = false
    for (const { a, b } of edges) {
      if (reached.has(a) === reached.has(b)) continue
      reached.add(a).add(b)
      grew = true
    }
  }
  return reached
}

test('exactly the weak edges are vetoed without which two groups of two or more fall apart', () => {
  const edge = fc
    .record({ a: fc.nat({ max: 9 }), b: fc.nat({ max: 9 }), isStrong: fc.boolean() })
    .filter(({ a, b }) => a < b)
  const graph = fc.uniqueArray(edge, { selector: ({ a, b }) => `${a} ${b}`, maxLength: 16 })
  fc.assert(
    fc.property(graph, (edges) => {
      const expected = edges.filter((one) => {
        const others = edges.filter((other) => other !== one)
        const [sideA, sideB] = [reach(others, one.a), reach(others, one.b)]
        return !one.isStrong && !sideA.has(one.b) && sideA.size >= 2 && sideB.size >= 2
      })
      const { kept, vetoed } = vetoBridges(edges)
      expect(new Set(vetoed)).toEqual(new Set(expected))
      expect(kept).toEqual(edges.filter((one) => !expected.includes(one)))
    }),
    { numRuns: 500 },
  )
})
