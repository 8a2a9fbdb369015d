/**
 * A stream of bytes cut into records, with the place of each.
 *
 * A record that is longer than allowed is never held whole: its beginning is kept for the report, the rest is passed
 * over up to the next newline, and the cutting goes on there.
 */
import { RffError } from '../../../schemas/failure.ts'
import { sniffFormat } from './sniff-format.ts'

export interface Cut {
  /** Half-open range in the bytes of the block, without the newline. */
  readonly start: number
  readonly end: number
  readonly byteOffset: number
  readonly lineNumber: number
  /** `endless`: its first line is short, but the record is not; only that line is passed over. */
  readonly flaw: null | 'too_long' | 'endless'
}

export interface CutBlock {
  readonly bytes: Buffer
  readonly cuts: readonly Cut[]
}

/**
 * Where the record that begins at `from` ends: the index of its newline, `bytes.length` for a last record without
 * one, or -1 where the end is not there yet.
 */
export type FindEnd = (bytes: Buffer, from: number, isLast: boolean) => number

export interface CutOptions {
  readonly path: string
  readonly maxRecordBytes: number
  readonly findEnd: FindEnd
  /** Where the first byte of the stream stands. */
  readonly start: { readonly byteOffset: number; readonly lineNumber: number }
}

const NEWLINE = 0x0a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

export const findLineEnd: FindEnd = (bytes, from, isLast) => {
  const newline = bytes.indexOf(NEWLINE, from)
  return newline < 0 && isLast ? bytes.length : newline
}

/**
 * One block a chunk. What is left of a stream that breaks is not a record: nobody knows how it would go on.
 *
 * @throws RffError input_unreadable for UTF-16, and what the chunks throw
 */
export async function* cutRecords(
  chunks: AsyncIterable<Buffer>,
  options: CutOptions,
): AsyncGenerator<CutBlock> {
  const cutter = new Cutter(options)
  for await (const chunk of chunks) yield cutter.take(chunk, false)
  yield cutter.take(Buffer.alloc(0), true)
}

class Cutter {
  readonly #options: CutOptions
  /** Bytes of a record whose end has not come yet. */
  #held: Buffer = Buffer.alloc(0)
  #byteOffset: number
  #lineNumber: number
  /** Inside a record that was given up. */
  #isPassingOver = false
  #isBeginning: boolean

  constructor(options: CutOptions) {
    this.#options = options
    this.#byteOffset = options.start.byteOffset
    this.#lineNumber = options.start.lineNumber
    this.#isBeginning = options.start.byteOffset === 0
  }

  take(chunk: Buffer, isLast: boolean): CutBlock {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    let from = this.#isBeginning ? this.#skipMark(bytes) : 0
    const cuts: Cut[] = []
    if (this.#isPassingOver) from = this.#passOver(bytes, from)
    while (from < bytes.length) {
      const next = this.#cutOne(bytes, from, isLast, cuts)
      if (next < 0) break
      from = next
    }
    this.#held = Buffer.from(bytes.subarray(from)) // a copy: who gets the block may give its memory away
    return { bytes, cuts }
  }

  /** @returns where the next record begins, -1 where this one is not complete */
  #cutOne(bytes: Buffer, from: number, isLast: boolean, cuts: Cut[]): number {
    const { findEnd, maxRecordBytes } = this.#options
    const end = findEnd(bytes, from, isLast)
    if (end < 0 && !isLast && bytes.length - from <= maxRecordBytes) return -1
    const place = { byteOffset: this.#byteOffset, lineNumber: this.#lineNumber }
    if (end >= 0 && end - from <= maxRecordBytes) {
      cuts.push({ start: from, end, ...place, flaw: null })
      return this.#step(bytes, from, end)
    }
    const newline = bytes.indexOf(NEWLINE, from)
    const lineEnd = newline < 0 ? bytes.length : newline
    const isLong = lineEnd - from > maxRecordBytes
    cuts.push({ start: from, end: lineEnd, ...place, flaw: isLong ? 'too_long' : 'endless' })
    if (newline < 0 && !isLast) {
      this.#byteOffset += bytes.length - from
      this.#isPassingOver = true
      return bytes.length
    }
    return this.#step(bytes, from, lineEnd)
  }

  /** Moves the place behind the newline at `end`. */
  #step(bytes: Buffer, from: number, end: number): number {
    const next = Math.min(end + 1, bytes.length)
    this.#byteOffset += next - from
    this.#lineNumber += 1
    // Only a quoted record holds newlines of its own.
    for (let at = bytes.indexOf(NEWLINE, from); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) {
      this.#lineNumber += 1
    }
    return next
  }

  #passOver(bytes: Buffer, from: number): number {
    const newline = bytes.indexOf(NEWLINE, from)
    const next = newline < 0 ? bytes.length : newline + 1
    this.#byteOffset += next - from
    if (newline >= 0) {
      this.#isPassingOver = false
      this.#lineNumber += 1
    }
    return next
  }

  #skipMark(bytes: Buffer): number {
    this.#isBeginning = false
    const magic = sniffFormat(bytes)
    if (magic !== 'text') {
      const found = magic === 'utf16' ? 'UTF-16; save it as UTF-8' : `${magic}, not lines of text`
      throw new RffError('input_unreadable', `${this.#options.path} is ${found}`)
    }
    const hasMark = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    if (hasMark) this.#byteOffset = BYTE_ORDER_MARK.length
    return hasMark ? BYTE_ORDER_MARK.length : 0
  }
}
