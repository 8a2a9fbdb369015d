/**
 * Arrays that threads can share.
 *
 * The engine does not count shared memory when it decides whether to collect, so what an array leaves behind when it
 * grows stays for long. It grows to eight times its length: of a new array only what is written to takes memory, and all
 * that was left behind is a seventh of what is in use, where doubling leaves as much again. (Arrays that grow where they
 * are leave nothing, but took a tenth more time; see docs/decisions/0192.)
 */
/** The longest buffer there is. */
const MOST_BYTES = 2 ** 32
const GROWTH = 8
const LEAST_LENGTH = 1 << 10

/** Zeros. */
export const sharedNumbers = (length: number): Uint32Array =>
  new Uint32Array(new SharedArrayBuffer(length * 4))

/** Zeros. */
export const sharedBytes = (length: number): Buffer => Buffer.from(new SharedArrayBuffer(length))

/** @returns a longer copy, zeros at its end */
export function grown(array: Uint32Array): Uint32Array {
  const larger = sharedNumbers(Math.max(LEAST_LENGTH, array.length * GROWTH))
  larger.set(array)
  return larger
}

/** @returns a copy with room for so many bytes at least, zeros at its end */
export function grownBytes(bytes: Buffer, needed: number): Buffer {
  const larger = sharedBytes(Math.max(needed, Math.min(bytes.length * GROWTH, MOST_BYTES)))
  bytes.copy(larger)
  return larger
}
