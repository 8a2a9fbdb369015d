import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cover } from '../../../src/passes/20-x-expand/assign-members.ts'
import { chooseSeeds } from '../../../src/passes/20-x-expand/choose-seeds.ts'
import { coverFacts } from '../../../src/passes/20-x-expand/cover-facts.ts'
import { seedsOf } from '../../../src/passes/20-x-expand/lay-out-clusters.ts'
import { makeLists, type NeighbourLists } from '../../../src/passes/20-x-expand/neighbour-lists.ts'
import { orderByPriority } from '../../../src/passes/20-x-expand/order-by-priority.ts'

interface Graph {
  readonly factCount: number
  /** By rank: neighbours with scores, best first. */
  readonly rows: readonly (readonly { rank: number; score: number }[])[]
}

const NEIGHBOUR_COUNT = 4

const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 24 }).chain((factCount) =>
  fc
    .array(
      fc.uniqueArray(fc.record({ rank: fc.nat(factCount - 1), score: fc.integer({ min: 1, max: 5 }) }), {
        maxLength: NEIGHBOUR_COUNT,
        selector: ({ rank }) => rank,
      }),
      { minLength: factCount, maxLength: factCount },
    )
    .map((rows) => ({
      factCount,
      rows: rows.map((row, rank) =>
        row.filter((entry) => entry.rank !== rank).sort((a, b) => b.score - a.score || a.rank - b.rank),
      ),
    })),
)

function listsOf({ factCount, rows }: Graph): NeighbourLists {
  const lists = makeLists(factCount, NEIGHBOUR_COUNT)
  for (const [rank, row] of rows.entries()) {
    for (const [j, entry] of row.entries()) {
      lists.ranks[rank * NEIGHBOUR_COUNT + j] = entry.rank + 1
      lists.scores[rank * NEIGHBOUR_COUNT + j] = entry.score
    }
  }
  return lists
}

/** The larger score of the two directions; 0 where the two are not adjacent. */
const adjacency = ({ rows }: Graph, a: number, b: number): number =>
  Math.max(
    rows[a]!.find(({ rank }) => rank === b)?.score ?? 0,
    rows[b]!.find(({ rank }) => rank === a)?.score ?? 0,
  )

/** The rule as it is told, with sets and without haste. */
function coverByTheBook(graph: Graph, maxMembers: number): number[] {
  const seedOf = new Array<number>(graph.factCount).fill(-1)
  let left = seedOf.map((_, rank) => rank)
  while (left.length > 0) {
    const seeds: number[] = []
    for (const rank of left) if (seeds.every((seed) => adjacency(graph, rank, seed) === 0)) seeds.push(rank)
    for (const seed of seeds) seedOf[seed] = seed
    for (const rank of left.filter((candidate) => !seeds.includes(candidate))) {
      const best = seeds
        .filter((seed) => adjacency(graph, rank, seed) > 0)
        .filter((seed) => seedOf.filter((other) => other === seed).length < maxMembers)
        .sort((a, b) => adjacency(graph, rank, b) - adjacency(graph, rank, a) || a - b)[0]
      if (best !== undefined) seedOf[rank] = best
    }
    left = left.filter((rank) => seedOf[rank] === -1)
  }
  return seedOf
}

const assignmentOf = (cover: Cover): number[] => Array.from(cover.seedOf, (seed) => seed - 1)

const everyRank = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, rank) => rank)

test('no two seeds are neighbours, and each other fact is a neighbour of a seed', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const isLeft = new Uint8Array(graph.factCount).fill(1)
      const seeds = [...chooseSeeds(listsOf(graph), everyRank(graph.factCount), isLeft)]
      for (const a of seeds) for (const b of seeds) if (a !== b) expect(adjacency(graph, a, b)).toBe(0)
      for (let rank = 0; rank < graph.factCount; rank++) {
        if (!seeds.includes(rank)) expect(seeds.some((seed) => adjacency(graph, rank, seed) > 0)).toBe(true)
      }
    }),
  )
})

test('a fact that is not left over neither becomes a seed nor keeps others from becoming one', () => {
  fc.assert(
    fc.property(graphs, fc.infiniteStream(fc.boolean()), (graph, coin) => {
      const isLeft = Uint8Array.from({ length: graph.factCount }, () => Number(coin.next().value))
      const left = everyRank(graph.factCount).filter((rank) => isLeft[rank] === 1)
      const alone: Graph = {
        factCount: graph.factCount,
        rows: graph.rows.map((row, rank) =>
          isLeft[rank] === 1 ? row.filter((entry) => isLeft[entry.rank] === 1) : [],
        ),
      }
      expect([...chooseSeeds(listsOf(graph), left, isLeft)]).toEqual([
        ...chooseSeeds(listsOf(alone), left, isLeft),
      ])
    }),
  )
})

test('the cover is the one that the rule by the book gives', () => {
  fc.assert(
    fc.property(graphs, fc.integer({ min: 1, max: 6 }), (graph, maxMembers) => {
      const { cover } = coverFacts(listsOf(graph), everyRank(graph.factCount), maxMembers)
      expect(assignmentOf(cover)).toEqual(coverByTheBook(graph, maxMembers))
    }),
    { numRuns: 500 },
  )
})

test('each fact has one seed, seeds have themselves, and no cluster is larger than the limit', () => {
  fc.assert(
    fc.property(graphs, fc.integer({ min: 1, max: 6 }), (graph, maxMembers) => {
      const { cover } = coverFacts(listsOf(graph), everyRank(graph.factCount), maxMembers)
      const seeds = seedsOf(cover)
      const sizes = new Map<number, number>()
      for (const seed of assignmentOf(cover)) sizes.set(seed, (sizes.get(seed) ?? 0) + 1)
      expect([...sizes.keys()].sort((a, b) => a - b)).toEqual([...seeds])
      for (const [seed, size] of sizes) {
        expect(size).toBeLessThanOrEqual(maxMembers)
        expect(cover.sizes[seed]).toBe(size)
      }
    }),
  )
})

test('what finds its seed full is covered among the left over', () => {
  // Everybody names fact 0; 3 and 4 name each other too.
  const graph: Graph = {
    factCount: 5,
    rows: [
      [],
      [{ rank: 0, score: 5 }],
      [{ rank: 0, score: 5 }],
      [
        { rank: 0, score: 5 },
        { rank: 4, score: 1 },
      ],
      [{ rank: 0, score: 5 }],
    ],
  }
  const { cover, roundCount } = coverFacts(listsOf(graph), everyRank(5), 3)
  expect(assignmentOf(cover)).toEqual([0, 0, 0, 3, 3])
  expect(roundCount).toBe(2)
})

test('who comes first is decided by priority, not by rank', () => {
  const graph: Graph = { factCount: 3, rows: [[{ rank: 1, score: 1 }], [{ rank: 2, score: 1 }], []] }
  const { cover } = coverFacts(listsOf(graph), Uint32Array.of(1, 0, 2), 3)
  expect(assignmentOf(cover)).toEqual([1, 1, 1])
})

test('ranks are ordered by all 32 bits of their priority, equal ones by rank', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 2 ** 32 - 1 }))), (priorities) => {
      const byTheBook = [...priorities.keys()].sort((a, b) => priorities[a]! - priorities[b]! || a - b)
      expect([...orderByPriority(Uint32Array.from(priorities))]).toEqual(byTheBook)
    }),
  )
})
