/**
 * Neighbours' recall at k: which pairs of a gold the index of the plan brings together.
 *
 * It bounds what any model can find, since a cluster is made of neighbours. The index is built again from the corpus as it
 * stands, all facts alike, as a plan of all of it would; nothing is written.
 */
import type { Db } from '../../../db/open.ts'
import { factQueries } from '../../../db/queries/facts.ts'
import type { GoldPair } from '../../field/eval/gold-pairs.ts'
import { createSearch } from '../../passes/20-x-expand/search-neighbours.ts'
import { buildIndex, type Scope } from '../expand/build-index.ts'
import { openReading } from '../expand/read-facts.ts'
import { countFound, type RankPair } from './count-found.ts'

export interface NeighbourSettings {
  /** Nearest facts that count. */
  readonly neighbourCount: number
  readonly scope: Scope
  readonly postingsCap: number
  readonly signal?: AbortSignal
}

export interface RelationRecall {
  readonly relation: string
  readonly pairs: number
  readonly found: number
  /** found / pairs. */
  readonly recall: number
  /** Of the two facts of a pair asked for each other, the share that finds. */
  readonly directedRecall: number
}

export interface NeighbourRecall {
  readonly neighbourCount: number
  /** Facts in the index: one of each group of duplicates. */
  readonly facts: number
  /** Ascending; a relation without a pair that stands in the index is left out. */
  readonly relations: readonly RelationRecall[]
}

/** @throws RffError interrupted */
export async function measureNeighbours(
  corpus: Db,
  gold: readonly GoldPair[],
  { neighbourCount, scope, postingsCap, signal }: NeighbourSettings,
): Promise<NeighbourRecall> {
  const reading = openReading(corpus, true, true, signal)
  const ignore = (): void => undefined
  const { index, factNos } = await buildIndex(reading, scope, ignore, ignore)
  const rankOf = ranksOf(corpus, gold, factNos)
  // No floor: whatever is nearest counts, so that the figure tells of the order alone.
  const search = createSearch(index, { neighbourCount, scoreFloorMillionths: 0, postingsCap })
  const nearestOf = remembered((rank) => ranksFound(search(rank, 'own').ranks))
  const byRelation = new Map<string, RankPair[]>()
  for (const { relation, src, dst } of gold) {
    const [a, b] = [rankOf.get(src), rankOf.get(dst)]
    if (a === undefined || b === undefined) continue
    const known = byRelation.get(relation)
    if (known === undefined) byRelation.set(relation, [[a, b]])
    else known.push([a, b])
  }
  const relations = [...byRelation.keys()].sort().map((relation) => {
    const { pairs, found, foundDirections } = countFound(byRelation.get(relation)!, nearestOf)
    return { relation, pairs, found, recall: found / pairs, directedRecall: foundDirections / (2 * pairs) }
  })
  return { neighbourCount, facts: reading.factCount, relations }
}

/** Ranks of what a search found, best first. */
export const ranksFound = (ranks: Uint32Array): number[] =>
  Array.from(
    ranks.filter((found) => found > 0),
    (found) => found - 1,
  )

function remembered(nearestOf: (rank: number) => number[]): (rank: number) => number[] {
  const known = new Map<number, number[]>()
  return (rank) => {
    const nearest = known.get(rank) ?? nearestOf(rank)
    known.set(rank, nearest)
    return nearest
  }
}

/** Of the facts that the gold names alone: a corpus may have a hundred thousand times as many. */
function ranksOf(corpus: Db, gold: readonly GoldPair[], factNos: Uint32Array): ReadonlyMap<string, number> {
  const facts = factQueries(corpus)
  const idOf = new Map<number, string>()
  for (const factId of new Set(gold.flatMap(({ src, dst }) => [src, dst]))) {
    const fact = facts.find(factId)
    if (fact !== undefined) idOf.set(fact.factNo, factId)
  }
  const rankOf = new Map<string, number>()
  for (const [rank, factNo] of factNos.entries()) {
    const factId = idOf.get(factNo)
    if (factId !== undefined) rankOf.set(factId, rank)
  }
  return rankOf
}
