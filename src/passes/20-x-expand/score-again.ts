/** The best candidates over all their terms, where some terms of the asking fact were left unread. */
import { AskedTerms } from './asked-terms.ts'
import type { NeighbourIndex } from './neighbour-index.ts'
import type { Ranking } from './ranking.ts'
import { GAINS, MAX_TIMES, scoreOf } from './score.ts'

/**
 * @param unread what the unread terms weigh in the asking fact
 * @param candidates with what they score by the terms that were read
 * @param kept gets them with their full scores
 */
export type ScoreAgain = (askingRank: number, unread: number, candidates: Ranking, kept: Ranking) => void

/** @param capacity most candidates */
export function createScoringAgain(index: NeighbourIndex, capacity: number): ScoreAgain {
  const { factStart, factLength, factTerms, factFactor } = index
  const asked = new AskedTerms(index)
  const starts = new Uint32Array(capacity)
  const lengths = new Uint8Array(capacity)
  const firstTerms = new Uint32Array(capacity)

  return (askingRank, unread, candidates, kept) => {
    asked.ask(factStart[askingRank]!, factLength[askingRank]!)
    // Where their terms stand is anywhere in memory. Reading the first of each before any is walked lets the processor
    // wait for many of them at once.
    for (let at = 0; at < candidates.count; at++) {
      const other = candidates.ranks[at]! - 1
      starts[at] = factStart[other]!
      lengths[at] = factLength[other]!
      firstTerms[at] = factTerms[starts[at]!]!
    }
    for (let at = 0; at < candidates.count; at++) {
      const other = candidates.ranks[at]! - 1
      const factor = factFactor[other]!
      // What it could score if it had all that was not read, as often as counts; the two floors cost a step each.
      const most = candidates.scores[at]! + 2 + scoreOf(unread * LARGEST_GAIN, factor)
      if (most < kept.leastScore) continue
      kept.offer(other, scoreOf(asked.sharedWith(starts[at]!, lengths[at]!), factor))
    }
  }
}

const LARGEST_GAIN = GAINS[MAX_TIMES - 1]!
