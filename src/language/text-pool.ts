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
    const larger = sharedBytes(Math.max(needed, block.length * 2))
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

/** @returns a copy of twice the length, zeros at its end */
export function grown(array: Uint32Array): Uint32Array {
  const larger = sharedNumbers(array.length * 2)
  larger.set(array)
  return larger
}

/** Zeros that threads can share. */
export const sharedNumbers = (length: number): Uint32Array =>
  new Uint32Array(new SharedArrayBuffer(length * 4))

const sharedBytes = (length: number): Buffer => Buffer.from(new SharedArrayBuffer(length))

/** A buffer that has come from another thread is a plain array there. */
const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length)
