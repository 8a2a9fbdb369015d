/**
 * Which fact numbers have a key: 12 bytes a slot, open addressing, so a first plan of 11.6 million facts needs 200 MB.
 *
 * Keys are hashes already, so their low bits choose the slot. Two ids may share a key; the caller compares the ids.
 */
export class KeyTable {
  /** Low half, high half, fact number; number 0 is an empty slot. */
  #slots: Uint32Array
  #mask: number
  #size = 0
  readonly #key = new BigInt64Array(1)
  readonly #halves = new Uint32Array(this.#key.buffer)

  /** @param capacity slots to begin with, a power of two */
  constructor(capacity = 2 ** 16) {
    this.#slots = new Uint32Array(capacity * SLOT_WORDS)
    this.#mask = capacity - 1
  }

  get byteLength(): number {
    return this.#slots.byteLength
  }

  /** @param factNo 1 … 2^32 - 1 */
  add(key: bigint, factNo: number): void {
    this.#key[0] = key
    this.addHalves(this.#halves[1]!, this.#halves[0]!, factNo)
  }

  addHalves(high: number, low: number, factNo: number): void {
    if (this.#size + 1 > (this.#mask + 1) * MAX_LOAD) this.#grow()
    this.#put(low >>> 0, high >>> 0, factNo)
    this.#size += 1
  }

  /** The first fact number with the key that `isMeant` says yes to; undefined where there is none. */
  find(key: bigint, isMeant: (factNo: number) => boolean): number | undefined {
    this.#key[0] = key
    return this.findHalves(this.#halves[1]!, this.#halves[0]!, isMeant)
  }

  findHalves(high: number, low: number, isMeant: (factNo: number) => boolean): number | undefined {
    const [lowWord, highWord] = [low >>> 0, high >>> 0]
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * SLOT_WORDS
      const factNo = this.#slots[at + 2]!
      if (factNo === 0) return undefined
      if (this.#slots[at] === lowWord && this.#slots[at + 1] === highWord && isMeant(factNo)) return factNo
    }
  }

  #put(low: number, high: number, factNo: number): void {
    let slot = low & this.#mask
    while (this.#slots[slot * SLOT_WORDS + 2] !== 0) slot = (slot + 1) & this.#mask
    const at = slot * SLOT_WORDS
    this.#slots[at] = low
    this.#slots[at + 1] = high
    this.#slots[at + 2] = factNo
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    this.#mask = this.#slots.length / SLOT_WORDS - 1
    for (let at = 0; at < old.length; at += SLOT_WORDS) {
      if (old[at + 2] !== 0) this.#put(old[at]!, old[at + 1]!, old[at + 2]!)
    }
  }
}

const SLOT_WORDS = 3
const MAX_LOAD = 0.7
