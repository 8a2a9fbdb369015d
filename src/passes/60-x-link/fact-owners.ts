/**
 * Which concepts a fact is a member of, so that the texts can be read in the order in which the corpus has them and
 * each only once.
 *
 * Facts are known by two hashes of 32 bits: eight bytes instead of the whole id. Two of 11.6 million facts meet in both
 * with a probability of four in a million; a concept is then counted with a text that is not its own, and its
 * relations are read from its own facts all the same.
 */
export interface FactOwners {
  /** Memory it holds, known before it is filled. */
  readonly bytes: number
  /** @param concept one pair comes once */
  add(factId: string, concept: number): void
  /** In any order; empty where the fact belongs to nobody. The list is good until the next question. */
  ownersOf(factId: string): readonly number[]
}

/** @param atMost pairs of a fact and a concept that will be added, at most */
export function createFactOwners(atMost: number): FactOwners {
  const slotCount = 2 ** Math.ceil(Math.log2(Math.max(16, atMost * 1.4)))
  const highs = new Uint32Array(slotCount)
  const lows = new Uint32Array(slotCount)
  const lastPairs = new Uint32Array(slotCount) // number of the pair plus one; zero where the slot is free
  const concepts = new Uint32Array(atMost)
  const earlier = new Uint32Array(atMost) // the pair before of the same fact, plus one
  let pairs = 0
  const owners: number[] = []
  const slotFor = (factId: string): number => {
    let [high, low] = [HIGH_FACTOR, LOW_FACTOR]
    for (let at = 0; at < factId.length; at++) {
      const unit = factId.charCodeAt(at)
      high = stirred(high, unit, HIGH_FACTOR)
      low = stirred(low, unit, LOW_FACTOR)
    }
    ;[high, low] = [finished(high), finished(low)]
    let slot = high & (slotCount - 1)
    while (lastPairs[slot] !== 0 && (highs[slot] !== high || lows[slot] !== low))
      slot = (slot + 1) & (slotCount - 1)
    if (lastPairs[slot] === 0) {
      highs[slot] = high
      lows[slot] = low
    }
    return slot
  }
  return {
    bytes: [highs, lows, lastPairs, concepts, earlier].reduce((sum, { byteLength }) => sum + byteLength, 0),
    add(factId, concept) {
      const slot = slotFor(factId)
      concepts[pairs] = concept
      earlier[pairs] = lastPairs[slot]!
      lastPairs[slot] = ++pairs
    },
    ownersOf(factId) {
      owners.length = 0
      for (let pair = lastPairs[slotFor(factId)]!; pair !== 0; pair = earlier[pair - 1]!)
        owners.push(concepts[pair - 1]!)
      return owners
    },
  }
}

/** Two factors make two hashes that know nothing of each other. */
const HIGH_FACTOR = 0x9e3779b1
const LOW_FACTOR = 0x27d4eb2f

function stirred(hash: number, unit: number, factor: number): number {
  const mixed = Math.imul(hash ^ unit, factor)
  return mixed ^ (mixed >>> 15)
}

function finished(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (mixed ^ (mixed >>> 13)) >>> 0
}
