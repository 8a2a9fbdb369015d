/** The three ways of choosing seeds: what each searches for, and what becomes of the facts. */
import { assignMembers, type Cover, makeCover } from '../../passes/20-x-expand/assign-members.ts'
import { coverFacts } from '../../passes/20-x-expand/cover-facts.ts'
import { type LaidOutClusters, layOutClusters, seedsOf } from '../../passes/20-x-expand/lay-out-clusters.ts'
import { nearestOf } from '../../passes/20-x-expand/nearest-of.ts'
import { type NeighbourIndex, sharedUint32 } from '../../passes/20-x-expand/neighbour-index.ts'
import { makeLists, type NeighbourLists } from '../../passes/20-x-expand/neighbour-lists.ts'
import { orderByPriority } from '../../passes/20-x-expand/order-by-priority.ts'
import { orderOfSearch } from '../../passes/20-x-expand/order-of-search.ts'
import { sampleSeeds } from '../../passes/20-x-expand/sample-seeds.ts'
import type { IndexPart, SearchSettings } from '../../passes/20-x-expand/search-neighbours.ts'
import type { ExpandShape } from './expand-options.ts'
import { searchNeighbours } from './search-neighbours.ts'

export interface MadeClusters {
  readonly clusters: LaidOutClusters
  /** Ranks that a sample left out. */
  readonly unselected: ArrayLike<number> & Iterable<number>
  readonly roundCount: number
}

/** Facts covered by earlier plans that a new cluster is shown at most; it is about the new ones. */
const CONTEXT_ROWS = 4

/** @param priorities by rank, of the facts to be covered */
export async function coverAll(
  index: NeighbourIndex,
  priorities: Uint32Array,
  shape: ExpandShape,
): Promise<MadeClusters> {
  const lists = makeLists(index.ownCount, shape.topK)
  const asked = shared(orderOfSearch(index, shape.postingsCap))
  await search(index, shape, { part: 'own', asked, lists, neighbourCount: shape.topK })
  const { cover, roundCount } = coverFacts(lists, orderByPriority(priorities), shape.maxMembers)
  return { clusters: await withContext(index, cover, shape), unselected: [], roundCount }
}

/**
 * @param priorities by rank, of the facts to be covered
 * @param domainOf likewise, a number for the domain
 */
export async function sampleSome(
  index: NeighbourIndex,
  priorities: Uint32Array,
  domainOf: Uint32Array,
  perDomain: number,
  shape: ExpandShape,
): Promise<MadeClusters> {
  const order = orderByPriority(priorities)
  const seeds = sampleSeeds(order, domainOf, perDomain)
  const lists = makeLists(index.ownCount, shape.topK)
  // Only the seeds are asked: what it takes to try a prompt must not grow with the corpus.
  await search(index, shape, { part: 'own', asked: shared(seeds), lists, neighbourCount: shape.topK })
  const cover = makeCover(index.ownCount)
  assignMembers(lists, seeds, order, shape.maxMembers, cover)
  const unselected = order.filter((rank) => cover.seedOf[rank] === 0)
  return { clusters: await withContext(index, cover, shape), unselected, roundCount: 0 }
}

/** Each fact is a seed, and its neighbours, whoever has covered them, are context. */
export async function seedEvery(index: NeighbourIndex, shape: ExpandShape): Promise<MadeClusters> {
  const { ownCount } = index
  const neighbourCount = Math.min(shape.topK, Math.max(1, shape.maxMembers - 1))
  const asked = shared(orderOfSearch(index, shape.postingsCap))
  const lists: NeighbourLists[] = []
  for (const part of partsOf(index)) {
    const found = makeLists(ownCount, neighbourCount)
    await search(index, shape, { part, asked, lists: found, neighbourCount })
    lists.push(found)
  }
  const cover = makeCover(ownCount)
  for (let rank = 0; rank < ownCount; rank++) cover.seedOf[rank] = rank + 1
  const contextOf = (place: number): number[] => nearestOf(lists, place).slice(0, neighbourCount)
  return {
    clusters: layOutClusters(cover, seedsOf(cover), contextOf, shape.maxMembers),
    unselected: [],
    roundCount: 0,
  }
}

const partsOf = ({ factCount, ownCount }: NeighbourIndex): IndexPart[] =>
  factCount > ownCount ? ['own', 'covered'] : ['own']

/** Clusters with the facts nearest to their seeds that earlier plans have covered, where places are left. */
async function withContext(
  index: NeighbourIndex,
  cover: Cover,
  shape: ExpandShape,
): Promise<LaidOutClusters> {
  const seeds = seedsOf(cover)
  if (shape.hasContext === false || index.factCount === index.ownCount)
    return layOutClusters(cover, seeds, () => [], shape.maxMembers)
  const asked = shared(seeds)
  const near = makeLists(seeds.length, CONTEXT_ROWS)
  await search(index, shape, {
    part: 'covered',
    asked,
    lists: near,
    neighbourCount: CONTEXT_ROWS,
    rowsStandAt: 'place',
  })
  return layOutClusters(cover, seeds, (place) => nearestOf([near], place), shape.maxMembers)
}

/** Threads read the list of whom to ask where it lies. */
export function shared(ranks: Uint32Array): Uint32Array {
  const copy = sharedUint32(ranks.length)
  copy.set(ranks)
  return copy
}

interface Wanted {
  readonly part: IndexPart
  readonly asked: Uint32Array
  readonly lists: NeighbourLists
  readonly neighbourCount: number
  readonly rowsStandAt?: 'rank' | 'place'
}

export const searchSettingsOf = (
  { scoreFloor, postingsCap }: ExpandShape,
  neighbourCount: number,
): SearchSettings => ({
  neighbourCount,
  scoreFloorMillionths: Math.round(scoreFloor * 1_000_000),
  postingsCap,
})

function search(index: NeighbourIndex, shape: ExpandShape, wanted: Wanted): Promise<void> {
  const { part, asked, lists, neighbourCount, rowsStandAt = 'rank' } = wanted
  const total = asked.length
  const settings = searchSettingsOf(shape, neighbourCount)
  return searchNeighbours({ index, settings, part, asked, rowsStandAt, lists }, total, {
    threadCount: shape.threadCount,
    signal: shape.signal,
    onPage: (done) => shape.onProgress?.({ step: 'search', done, total }),
  })
}
