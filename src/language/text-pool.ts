import { grown, grownBytes, sharedBytes, sharedNumbers } from './shared-memory.ts'

/**
 * Many short texts in one block of bytes, by number. A text costs its UTF-8 bytes and four more; as a JavaScript
 * string in an array it would cost some forty more.
 */
export interface TextPool {
  readonly size: number
  /** Memory in use, for the summary of a run; there is room for more, which takes none. */
  readonly bytes: number
  /** @returns the number of the text: 0, 1, 2 … in the order of adding; equal texts are not looked for */
  add(text: string): number
  /** @param utf8 from `start` to before `end` */
  addBytes(utf8: Buffer, start: number, end: number): number
  at(no: number): string
  /** Whether a text is this one, without making a string of it. */
  holds(no: number, utf8: Buffer, start: number, end: number): boolean
  data(): TextPoolData
}

/** Everything, in memory that threads share; what is added later may stand elsewhere. */
export interface TextPoolData {
  readonly block: Uint8Array
  readonly ends: Uint32Array
  readonly size: number
}

/** In memory of its own, and no longer than what is in use: a copy of empty room would take memory. */
export const copyOfPool = ({ block, ends, size }: TextPoolData): TextPoolData => ({
  // A Buffer's own slice would be no copy.
  block: new Uint8Array(block.subarray(0, size === 0 ? 0 : ends[size - 1]!)),
  ends: ends.slice(0, size),
  size,
})

/** @param data of another pool; nothing may be added unless the arrays are a copy of its own */
export function createTextPool(data?: TextPoolData): TextPool {
  let block: Buffer = data === undefined ? sharedBytes(1 << 16) : bufferOf(data.block)
  let ends = data?.ends ?? sharedNumbers(1 << 10)
  let size = data?.size ?? 0
  const startOf = (no: number): number => (no === 0 ? 0 : ends[no - 1]!)
  const reserve = (more: number): void => {
    if (size === ends.length) ends = grown(ends)
    const needed = startOf(size) + more
    if (needed <= block.length) return
    block = grownBytes(block, needed)
  }
  return {
    get size() {
      return size
    },
    get bytes() {
      return startOf(size) + 4 * size
    },
    add(text) {
      reserve(Buffer.byteLength(text))
      const start = startOf(size)
      ends[size] = start + block.write(text, start)
      return size++
    },
    addBytes(utf8, start, end) {
      reserve(end - start)
      ends[size] = startOf(size) + utf8.copy(block, startOf(size), start, end)
      return size++
    },
    at: (no) => block.toString('utf8', startOf(no), ends[no]!),
    // Byte by byte: the texts are short, and a call into Buffer costs more than they do.
    holds(no, utf8, start, end) {
      const first = startOf(no)
      const length = end - start
      if (ends[no]! - first !== length) return false
      for (let at = 0; at < length; at++) if (block[first + at] !== utf8[start + at]) return false
      return true
    },
    data: () => ({ block, ends, size }),
  }
}

/** A buffer that has come from another thread is a plain array there. */
const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length)
