/**
 * Clusters grown from the field: its weakest concepts, each with near facts that it does not have yet.
 *
 * They cover nothing, since their facts are covered already; the number of the plan is their round, so a concept
 * can grow again in a later plan under another cluster id.
 */
import type { Db } from '../../../db/open.ts'
import { weakConceptQueries } from '../../../db/queries/weak-concepts.ts'
import type { ExpandSummary } from '../../../schemas/expand-summary.ts'
import { expandBytes } from '../../passes/20-x-expand/expand-bytes.ts'
import { type GrowingConcept, growConcept, shownOf } from '../../passes/20-x-expand/grow-concept.ts'
import type { ClusterRows } from '../../passes/20-x-expand/lay-out-clusters.ts'
import type { NeighbourIndex } from '../../passes/20-x-expand/neighbour-index.ts'
import { makeLists } from '../../passes/20-x-expand/neighbour-lists.ts'
import { passX } from '../../passes/20-x-expand/stage.ts'
import { buildIndex } from './build-index.ts'
import type { ExpandShape } from './expand-options.ts'
import { searchSettingsOf, shared } from './make-clusters.ts'
import { openReading } from './read-facts.ts'
import { searchNeighbours } from './search-neighbours.ts'
import { savedSummary, writeClusters } from './write-clusters.ts'

export interface ExpandFieldOptions extends ExpandShape {
  /** How many concepts, the weakest first; one whose facts are gone does not count. */
  readonly concepts: number
}

/** @throws RffError interrupted */
export async function expandField(
  corpus: Db,
  field: Db,
  options: ExpandFieldOptions,
): Promise<ExpandSummary> {
  const { planNo, scope, signal, onProgress = () => undefined } = options
  const saved = savedSummary(corpus, planNo)
  if (saved !== undefined) return saved
  const reading = openReading(corpus, true, true, signal)
  const weak = weakConcepts(corpus, field, options.concepts)
  const wanted = new Set(weak.flatMap(({ seed, others }) => [seed, ...others]))
  const rankOf = new Map<number, number>()
  const { index, measure, factNos } = await buildIndex(
    reading,
    scope,
    ({ factNo, rank }) => {
      if (wanted.has(factNo)) rankOf.set(factNo, rank)
    },
    onProgress,
  )
  const ranksOf = (numbers: readonly number[]): number[] =>
    numbers.map((factNo) => rankOf.get(factNo)).filter((rank) => rank !== undefined)
  const concepts = weak.map(({ seed, others }) => ({ seed: ranksOf([seed])[0]!, others: ranksOf(others) }))
  const clusters = await growConcepts(index, concepts, options)
  const frame = {
    planNo,
    mode: 'field' as const,
    factCount: reading.factCount,
    uncoveredCount: 0,
    termCount: measure.termCount,
    bytes: expandBytes({ ...measure, ...options, ownCount: 0, neighbourCount: options.topK }),
  }
  return writeClusters(
    corpus,
    factNos,
    {
      clusters: {
        count: clusters.length,
        seedAt: (place) => clusters[place]![0]!.rank,
        rowsAt: (place) => clusters[place]!,
      },
      unselected: [],
      roundCount: 0,
    },
    frame,
    { round: planNo, isCovering: false },
    options,
  )
}

/** By number of their facts in the corpus file; a fact stands for one cluster only, so for one concept. */
function weakConcepts(corpus: Db, field: Db, count: number): GrowingConcept[] {
  const { representativeOf } = passX.read(corpus)
  const found: GrowingConcept[] = []
  const seeds = new Set<number>()
  for (const { canonicalFactId, memberFactIds } of weakConceptQueries(field).weakestFirst()) {
    if (found.length === count) break
    const seed = representativeOf(canonicalFactId)
    if (seed === undefined || seeds.has(seed)) continue
    seeds.add(seed)
    const others = new Set<number>()
    for (const factId of memberFactIds) {
      const factNo = representativeOf(factId)
      if (factNo !== undefined && factNo !== seed) others.add(factNo)
    }
    found.push({ seed, others: [...others] })
  }
  return found
}

async function growConcepts(
  index: NeighbourIndex,
  concepts: readonly GrowingConcept[],
  options: ExpandFieldOptions,
): Promise<ClusterRows[]> {
  const ranks = new Set(
    concepts.flatMap(({ seed, others }) => [seed, ...shownOf(others, options.maxMembers)]),
  )
  const asked = shared(Uint32Array.from(ranks).sort())
  const rowOf = new Map(Array.from(asked, (rank, place) => [rank, place] as const))
  const lists = makeLists(asked.length, options.topK)
  const settings = searchSettingsOf(options, options.topK)
  await searchNeighbours({ index, settings, part: 'own', asked, rowsStandAt: 'place', lists }, asked.length, {
    threadCount: options.threadCount,
    signal: options.signal,
    onPage: (done) => options.onProgress?.({ step: 'search', done, total: asked.length }),
  })
  return concepts
    .map((concept) => growConcept(concept, lists, (rank) => rowOf.get(rank), options.maxMembers))
    .filter((rows) => rows !== undefined)
}
