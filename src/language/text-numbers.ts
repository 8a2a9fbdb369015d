/** Texts with numbers of their own, each text once, found by their bytes. About 60 bytes a text in typed arrays. */
import { grown, sharedNumbers } from './shared-memory.ts'
import { copyOfPool, createTextPool, type TextPoolData } from './text-pool.ts'

export interface TextNumbers {
  readonly size: number
  /** Memory it holds. */
  readonly bytes: number
  at(no: number): string
  find(text: string): number | undefined
  /** @returns the number of the text, a new one where it has none: 0, 1, 2 … */
  findOrAdd(text: string): number
  /**
   * @param utf8 from `start` to before `end`
   * @param hash of these bytes, where the caller has read them already: `stir` over all of them, then `settle`
   */
  findOrAddBytes(utf8: Buffer, start: number, end: number, hash?: number): number
  data(): TextNumbersData
}

/** Everything, in memory that threads share. */
export interface TextNumbersData {
  readonly texts: TextPoolData
  readonly slots: Uint32Array
  readonly hashes: Uint32Array
}

/** In memory of its own, so that texts can be added. */
export const copyOfNumbers = ({ texts, slots, hashes }: TextNumbersData): TextNumbersData => ({
  texts: copyOfPool(texts),
  slots: slots.slice(),
  hashes: hashes.slice(0, texts.size),
})

/**
 * @param data of others; nothing may be added unless the arrays are a copy of its own
 *
 * Open addressing: a slot holds the number of a text plus one; at most half of the slots are taken.
 */
export function createTextNumbers(data?: TextNumbersData): TextNumbers {
  const texts = createTextPool(data?.texts)
  let slots = data?.slots ?? sharedNumbers(1 << 12)
  let hashes = data?.hashes ?? sharedNumbers(1 << 10) // by text, so that growing does not read the texts again
  let encoded = Buffer.alloc(1 << 10)
  const slotFor = (hash: number, utf8: Buffer, start: number, end: number): number => {
    const mask = slots.length - 1
    let slot = hash & mask
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      if (hashes[entry - 1] === hash && texts.holds(entry - 1, utf8, start, end)) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }
  const widen = (): void => {
    slots = sharedNumbers(slots.length * 2)
    const mask = slots.length - 1
    for (let no = 0; no < texts.size; no++) {
      let slot = hashes[no]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = no + 1
    }
  }
  const encode = (text: string): number => {
    if (text.length * 3 > encoded.length) encoded = Buffer.alloc(text.length * 6)
    return encoded.write(text)
  }
  const findOrAddBytes = (
    utf8: Buffer,
    start: number,
    end: number,
    hash = hashOf(utf8, start, end),
  ): number => {
    const slot = slotFor(hash, utf8, start, end)
    if (slots[slot] !== 0) return slots[slot]! - 1
    const no = texts.addBytes(utf8, start, end)
    if (no >= hashes.length) hashes = grown(hashes)
    hashes[no] = hash
    slots[slot] = no + 1
    if (texts.size * 2 > slots.length) widen()
    return no
  }
  return {
    get size() {
      return texts.size
    },
    get bytes() {
      return texts.bytes + slots.byteLength + 4 * texts.size
    },
    at: texts.at,
    find(text) {
      const end = encode(text)
      const found = slots[slotFor(hashOf(encoded, 0, end), encoded, 0, end)]!
      return found === 0 ? undefined : found - 1
    },
    findOrAdd: (text) => findOrAddBytes(encoded, 0, encode(text)),
    findOrAddBytes,
    data: () => ({ texts: texts.data(), slots, hashes }),
  }
}

/** FNV-1a with a last stirring, since only the low bits choose the slot. */
function hashOf(utf8: Buffer, start: number, end: number): number {
  let hash = UNSTIRRED
  for (let at = start; at < end; at++) hash = stir(hash, utf8[at]!)
  return settle(hash)
}

export const UNSTIRRED = 0x811c9dc5

export const stir = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193)

export function settle(hash: number): number {
  const stirred = hash ^ (hash >>> 15)
  return Math.imul(stirred, 0x2c1b3c6d) >>> 0
}
