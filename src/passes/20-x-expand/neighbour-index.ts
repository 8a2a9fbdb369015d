/**
 * The inverted index as plain data: typed arrays over shared memory, which a thread gets by reference.
 *
 * Facts are numbered by rank: first the `ownCount` facts that are to be covered, then those that already are, each
 * part in (key, fact_id) order, so that a comparison of ranks is a comparison of hashes. Terms are numbered by
 * rarity: a smaller number has no more holders, so a sorted list of terms begins with the rarest.
 */
export interface NeighbourIndex {
  readonly factCount: number
  readonly ownCount: number
  readonly termCount: number
  /** By rank: where the fact's terms begin in `factTerms`, and how many they are. */
  readonly factStart: Uint32Array
  readonly factLength: Uint8Array
  /** `term << TIMES_BITS | times - 1`, ascending within a fact. */
  readonly factTerms: Uint32Array
  /** By rank: lengthFactor, and the score of the fact with itself. */
  readonly factFactor: Uint16Array
  readonly factSelfScore: Uint16Array
  /** By term, one more at the end: where its holders begin in `postings`. */
  readonly termStart: Uint32Array
  /** By term: rarity. */
  readonly termRarity: Uint16Array
  /** `rank << TIMES_BITS | times - 1`, ascending within a term. */
  readonly postings: Uint32Array
}

/** Three bits beside a rank or a term say how often the fact has the term; 29 bits are left for 536 million. */
export const TIMES_BITS = 3
export const TIMES_MASK = (1 << TIMES_BITS) - 1

/** A fact keeps its rarest terms only, so that comparing two facts is bounded. */
export const MAX_TERMS_PER_FACT = 64

export const sharedUint8 = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length))
export const sharedUint16 = (length: number): Uint16Array =>
  new Uint16Array(new SharedArrayBuffer(2 * length))
export const sharedUint32 = (length: number): Uint32Array =>
  new Uint32Array(new SharedArrayBuffer(4 * length))
