/**
 * How many distinct terms a corpus has, within about one per cent, in 16 KiB: a HyperLogLog sketch (Flajolet et al.,
 * 2007). It makes the size of the index known before anything of it is built.
 */
const INDEX_BITS = 14
const REGISTER_COUNT = 1 << INDEX_BITS

export interface TermSketch {
  add(high: number, low: number): void
  estimate(): number
}

export function createTermSketch(): TermSketch {
  const registers = new Uint8Array(REGISTER_COUNT)
  return {
    add(high, low) {
      const register = low >>> (32 - INDEX_BITS)
      const rank = Math.clz32(high) + 1
      if (rank > registers[register]!) registers[register] = rank
    },
    estimate() {
      let inverseSum = 0
      let emptyCount = 0
      for (const rank of registers) {
        inverseSum += 2 ** -rank
        if (rank === 0) emptyCount++
      }
      const raw = (BIAS * REGISTER_COUNT * REGISTER_COUNT) / inverseSum
      // Few terms leave registers empty, and counting those is the better estimate.
      const isSparse = raw <= 2.5 * REGISTER_COUNT && emptyCount > 0
      return Math.ceil(isSparse ? REGISTER_COUNT * Math.log(REGISTER_COUNT / emptyCount) : raw)
    },
  }
}

const BIAS = 0.7213 / (1 + 1.079 / REGISTER_COUNT)
