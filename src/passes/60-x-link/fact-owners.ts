/**
 * Which concepts a fact is a member of, so that the texts can be read in the order in which the corpus has them and
 * each only once.
 *
 * Facts are known by two hashes of 32 bits: eight bytes instead of the whole id. Two of 11.6 million facts meet in both
 * with a probability of four in a million; a concept is then counted with a text that is not its own, and its
 * relations are read from its own facts all the same.
 */
import { sharedNumbers } from '../../language/shared-memory.ts'

export interface FactOwners {
  /** Memory it holds, known before it is filled. */
  readonly bytes: number
  readonly data: OwnersData
  /** @param concept one pair comes once */
  add(factId: string, concept: number): void
  /** In any order; empty where the fact belongs to nobody. The list is good until the next question. */
  ownersOf(factId: string): readonly number[]
}

/** Everything, in memory that threads share. */
export interface OwnersData {
  readonly highs: Uint32Array
  readonly lows: Uint32Array
  /** Number of the pair plus one; zero where the slot is free. */
  readonly lastPairs: Uint32Array
  readonly concepts: Uint32Array
  /** The pair before of the same fact, plus one. */
  readonly earlier: Uint32Array
}

/** @param atMost pairs of a fact and a concept that will be added, at most */
export function roomForOwners(atMost: number): OwnersData {
  const slotCount = 2 ** Math.ceil(Math.log2(Math.max(16, atMost * 1.4)))
  return {
    highs: sharedNumbers(slotCount),
    lows: sharedNumbers(slotCount),
    lastPairs: sharedNumbers(slotCount),
    concepts: sharedNumbers(atMost),
    earlier: sharedNumbers(atMost),
  }
}

/** @param data empty, or that of other owners, to be asked and never added to */
export function createFactOwners(data: OwnersData): FactOwners {
  const { highs, lows, lastPairs, concepts, earlier } = data
  const mask = lastPairs.length - 1
  let pairs = 0
  const owners: number[] = []
  // The hashes of the fact that was asked for last.
  let high = 0
  let low = 0
  const slotFor = (factId: string): number => {
    high = HIGH_FACTOR
    low = LOW_FACTOR
    for (let at = 0; at < factId.length; at++) {
      const unit = factId.charCodeAt(at)
      high = stirred(high, unit, HIGH_FACTOR)
      low = stirred(low, unit, LOW_FACTOR)
    }
    high = finished(high)
    low = finished(low)
    let slot = high & mask
    while (lastPairs[slot] !== 0 && (highs[slot] !== high || lows[slot] !== low)) slot = (slot + 1) & mask
    return slot
  }
  return {
    data,
    bytes: Object.values(data).reduce((sum, { byteLength }: Uint32Array) => sum + byteLength, 0),
    add(factId, concept) {
      const slot = slotFor(factId)
      highs[slot] = high
      lows[slot] = low
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
