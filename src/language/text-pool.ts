/**
 * Many short texts in one block of bytes, by number. A text costs its UTF-8 bytes and four more; as a JavaScript
 * string in an array it would cost some forty more.
 */
export interface TextPool {
  readonly size: number
  /** Memory it holds, for the summary of a run. */
  readonly bytes: number
  /** @returns the number of the text: 0, 1, 2 … in the order of adding; equal texts are not looked for */
  add(text: string): number
  at(no: number): string
  /** Whether a text is this one, without making a string of it. */
  holds(no: number, utf8: Buffer): boolean
}

export function createTextPool(): TextPool {
  let block = Buffer.alloc(1 << 16)
  let ends = new Uint32Array(1 << 10)
  let size = 0
  const startOf = (no: number): number => (no === 0 ? 0 : ends[no - 1]!)
  const reserve = (more: number): void => {
    if (size === ends.length) ends = grown(ends)
    const needed = startOf(size) + more
    if (needed <= block.length) return
    const larger = Buffer.alloc(Math.max(needed, block.length * 2))
    block.copy(larger)
    block = larger
  }
  return {
    get size() {
      return size
    },
    get bytes() {
      return block.length + ends.byteLength
    },
    add(text) {
      reserve(Buffer.byteLength(text))
      const start = startOf(size)
      ends[size] = start + block.write(text, start)
      return size++
    },
    at: (no) => block.toString('utf8', startOf(no), ends[no]!),
    holds: (no, utf8) => utf8.equals(block.subarray(startOf(no), ends[no]!)),
  }
}

/** @returns a copy of twice the length, zeros at its end */
export function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}
