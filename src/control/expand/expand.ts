/**
 * PassX over a corpus: every fact that waits gets a cluster, and all of it is written in one transaction.
 *
 * One transaction, because half a cover would change the other half: whoever is killed before it has written
 * nothing, and whoever is killed after it finds nothing left to cover. What is covered already is never moved.
 */
import type { Db } from '../../../db/open.ts'
import type { ExpandSummary } from '../../../schemas/expand-summary.ts'
import { expandBytes } from '../../passes/20-x-expand/expand-bytes.ts'
import type { NeighbourIndex } from '../../passes/20-x-expand/neighbour-index.ts'
import { buildIndex } from './build-index.ts'
import type { ExpandShape } from './expand-options.ts'
import { coverAll, type MadeClusters, sampleSome, seedEvery } from './make-clusters.ts'
import { openReading, type RankedFact } from './read-facts.ts'
import { savedSummary, writeClusters } from './write-clusters.ts'

export type { ExpandSummary }

export interface ExpandOptions extends ExpandShape {
  /**
   * cover: each fact in one cluster. every: each fact a seed, its neighbours context. sample: some seeds a domain.
   *
   * A fact that a sample left out waits for the next `cover` or `every`; another `sample` leaves it out.
   */
  readonly mode: 'cover' | 'every' | 'sample'
  /** Seeds of each domain in mode sample. */
  readonly samplePerDomain?: number
  /** Of the clusters: 0 where it is not given; the plan's number where some facts may have been seeds before. */
  readonly round?: number
}

/** @throws RffError interrupted */
export async function expand(corpus: Db, options: ExpandOptions): Promise<ExpandSummary> {
  const { planNo, mode, scope, signal, onProgress = () => undefined } = options
  const reading = openReading(corpus, mode !== 'sample', false, signal)
  const saved = reading.ownCount === 0 ? savedSummary(corpus, planNo) : undefined
  if (saved !== undefined) return saved

  const waiting = collectWaiting(reading.ownCount)
  const { index, measure, factNos } = await buildIndex(reading, scope, waiting.add, onProgress)
  const made = await makeClusters(index, waiting, options)
  const frame = {
    planNo,
    mode,
    factCount: reading.factCount,
    uncoveredCount: reading.ownCount,
    termCount: measure.termCount,
    bytes: expandBytes({ ...measure, ...options, ownCount: reading.ownCount, neighbourCount: options.topK }),
  }
  return writeClusters(corpus, factNos, made, frame, { round: options.round ?? 0, isCovering: true }, options)
}

/** What choosing seeds needs to know of the facts to be covered, by rank. */
interface Waiting {
  readonly priorities: Uint32Array
  /** A number for each domain, in the order in which they were met. */
  readonly domainOf: Uint32Array
  add(fact: RankedFact): void
}

function collectWaiting(ownCount: number): Waiting {
  const priorities = new Uint32Array(ownCount)
  const domainOf = new Uint32Array(ownCount)
  const numbers = new Map<string, number>()
  return {
    priorities,
    domainOf,
    add({ rank, domain, isUncovered, priority }) {
      if (!isUncovered) return
      priorities[rank] = priority
      const number = numbers.get(domain) ?? numbers.size
      numbers.set(domain, number)
      domainOf[rank] = number
    },
  }
}

function makeClusters(
  index: NeighbourIndex,
  { priorities, domainOf }: Waiting,
  options: ExpandOptions,
): Promise<MadeClusters> {
  switch (options.mode) {
    case 'cover':
      return coverAll(index, priorities, options)
    case 'every':
      return seedEvery(index, options)
    case 'sample':
      return sampleSome(index, priorities, domainOf, options.samplePerDomain ?? 0, options)
  }
}
