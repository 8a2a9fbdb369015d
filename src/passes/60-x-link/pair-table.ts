/** Numbers by pairs of numbers, in typed arrays: 12 bytes a slot, at most half of which are taken. */
import { sharedNumbers } from '../../language/shared-memory.ts'

export interface PairTable {
  readonly bytes: number
  /** Undefined where the pair has none. */
  find(a: number, b: number): number | undefined
  /** A pair has one value for ever. */
  put(a: number, b: number, value: number): void
  /** In memory that threads share. */
  data(): Uint32Array
}

/** @param data of another table, to be asked and never added to */
export function createPairTable(data?: Uint32Array): PairTable {
  // A slot is three numbers: a, b and the value plus one.
  let slots = data ?? sharedNumbers(3 << 12)
  let size = 0
  const slotFor = (a: number, b: number): number => {
    const count = slots.length / 3
    let slot = hashOf(a, b) & (count - 1)
    for (; slots[3 * slot + 2] !== 0; slot = (slot + 1) & (count - 1)) {
      if (slots[3 * slot] === a && slots[3 * slot + 1] === b) break
    }
    return 3 * slot
  }
  const place = (a: number, b: number, stored: number): void => {
    const at = slotFor(a, b)
    slots[at] = a
    slots[at + 1] = b
    slots[at + 2] = stored
  }
  return {
    get bytes() {
      return slots.byteLength
    },
    find(a, b) {
      const stored = slots[slotFor(a, b) + 2]!
      return stored === 0 ? undefined : stored - 1
    },
    put(a, b, value) {
      if (++size * 6 > slots.length) {
        const fewer = slots
        slots = sharedNumbers(fewer.length * 2)
        for (let at = 0; at < fewer.length; at += 3) {
          if (fewer[at + 2] !== 0) place(fewer[at]!, fewer[at + 1]!, fewer[at + 2]!)
        }
      }
      place(a, b, value + 1)
    },
    data: () => slots,
  }
}

function hashOf(a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
