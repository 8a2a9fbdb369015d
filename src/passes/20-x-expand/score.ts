/**
 * BM25 in integers, so that a score is the same on every machine and ties are real ties.
 *
 * The score of v for u is what the terms that both have weigh, times a factor for the length of v:
 *
 *     score(u, v) = lengthFactor(v) · Σ rarity(t) · times(t, u) · GAINS[times(t, v)]        t in both
 *
 * BM25 lets the gain of a repeat depend on the length of v too; taken apart like this, one multiplication a
 * candidate does for the length. A word that a fact says twice is what the fact is about: leaving repeats out cost
 * 6 % of the gold relations of OBO (bench/trials/expand.ts).
 */

/** A rarity is in 1/256 bit: log2 of one over the share of facts that hold the term. */
const STEPS_PER_BIT_LOG2 = 8

/** A length factor is in 1/1024; a score in 1/32 bit, so that one fits 16 bits. */
const FACTOR_SCALE = 1024
/** A gain is in 1/16. */
const GAIN_SCALE = 16
const SCORE_DIVISOR = (FACTOR_SCALE * GAIN_SCALE * 2 ** STEPS_PER_BIT_LOG2) / 32
export const MAX_SCORE = 65_535

/** More repeats than this count as this many. */
export const MAX_TIMES = 8

/** By times less one: BM25's saturation with k1 = 1.2, times · 2.2 / (times + 1.2). */
export const GAINS: readonly number[] = Array.from({ length: MAX_TIMES }, (_, repeats) =>
  Math.round((GAIN_SCALE * 22 * (repeats + 1)) / (10 * (repeats + 1) + 12)),
)

/** What a term weighs that all facts hold: hardly anything, but facts of one wording must still find each other. */
const LEAST_RARITY = 16

/**
 * @param factCount facts of the space (domain or corpus)
 * @param holderCount how many of them hold the term, 1 to factCount
 * @returns 1/256 bit, LEAST_RARITY to 65535
 */
export const rarity = (factCount: number, holderCount: number): number =>
  Math.max(LEAST_RARITY, log2Scaled(2 * factCount + 2) - log2Scaled(2 * holderCount + 1))

/** Bit by bit: IEEE multiplication is exact to specification everywhere, Math.log2 is not. */
function log2Scaled(value: number): number {
  let mantissa = value
  let scaled = 0
  while (mantissa >= 2) {
    mantissa /= 2
    scaled++
  }
  for (let step = 0; step < STEPS_PER_BIT_LOG2; step++) {
    mantissa *= mantissa
    scaled *= 2
    if (mantissa >= 2) {
      mantissa /= 2
      scaled++
    }
  }
  return scaled
}

/**
 * BM25's saturation with k1 = 1.2, b = 0.75 and a term frequency of one.
 *
 * @param wordCount words of the fact
 * @param factCount facts of the index, of `wordTotal` words together
 * @returns 1/1024
 */
export const lengthFactor = (wordCount: number, factCount: number, wordTotal: number): number =>
  Math.floor((FACTOR_SCALE * 22 * wordTotal) / (13 * wordTotal + 9 * wordCount * factCount))

/** @returns 1/32 bit, at most MAX_SCORE */
export const scoreOf = (weightSum: number, factor: number): number =>
  Math.min(MAX_SCORE, Math.floor((weightSum * factor) / SCORE_DIVISOR))

/** @returns the least product of weight and factor that scores so much */
export const leastProductFor = (score: number): number => score * SCORE_DIVISOR
