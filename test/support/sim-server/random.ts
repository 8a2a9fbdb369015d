import { createHash } from 'node:crypto'

/** A stream of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One draw of a lognormal distribution, by Box and Muller; `sigma` is that of the underlying normal one. */
export function lognormal(random: () => number, median: number, sigma: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()))
}

/** A number in [0, 1) that is the same for the same name, whatever was drawn before. */
export const drawFor = (name: string): number =>
  createHash('sha256').update(name).digest().readUInt32BE(0) / 4_294_967_296
