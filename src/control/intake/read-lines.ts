/** JSON lines to raw records: what only the bytes can tell is decided here. */
import { isUtf8 } from 'node:buffer'
import type { FailureCode } from '../../../schemas/failure.ts'
import { excerptOf, type RawRecord } from '../../passes/10-plan/raw-record.ts'
import { type Cut, type CutBlock, type CutOptions, cutRecords, findLineEnd } from './cut-records.ts'

/** A blank line is no record: it holds nothing, and the last newline of a file makes none. */
const BLANK = /^\s*$/

/** One block of records a chunk of bytes. */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  options: Omit<CutOptions, 'findEnd'>,
): AsyncGenerator<RawRecord[]> {
  for await (const block of cutLines(chunks, options)) yield linesOf(block, options.maxRecordBytes)
}

export const cutLines = (
  chunks: AsyncIterable<Buffer>,
  options: Omit<CutOptions, 'findEnd'>,
): AsyncGenerator<CutBlock> => cutRecords(chunks, { ...options, findEnd: findLineEnd })

export const linesOf = (block: CutBlock, maxRecordBytes: number): RawRecord[] =>
  readable(block, maxRecordBytes).filter((record) => !isBlank(record))

export const isBlank = (record: RawRecord): boolean => record.kind === 'line' && BLANK.test(record.text)

/** Texts of the cuts of a block, strictly decoded; a cut with a flaw is a record with a failure. */
export function readable({ bytes, cuts }: CutBlock, maxRecordBytes: number): RawRecord[] {
  const last = cuts.at(-1)
  if (last === undefined) return []
  // A cut at a newline cuts no character in two, so one check over the block holds for each of its lines.
  const isSound = isUtf8(bytes.subarray(cuts[0]!.start, last.end))
  return cuts.map((cut): RawRecord => {
    if (cut.flaw === null && (isSound || isUtf8(bytes.subarray(cut.start, cut.end))))
      return lineOf(bytes, cut)
    if (cut.flaw === 'too_long') {
      return unreadable(bytes, cut, 'line_too_long', `the line is longer than ${maxRecordBytes} bytes`)
    }
    if (cut.flaw === 'endless') {
      const message = `the line opens a quote that is not closed within ${maxRecordBytes} bytes`
      return unreadable(bytes, cut, 'line_not_csv', message)
    }
    return unreadable(bytes, cut, 'line_not_utf8', 'the line has bytes that are not UTF-8')
  })
}

/** @param bytes valid UTF-8 where the line is */
export const lineOf = (bytes: Buffer, { start, end, byteOffset, lineNumber }: Cut): RawRecord => ({
  kind: 'line',
  text: bytes.toString('utf8', start, end),
  byteOffset,
  lineNumber,
})

const EXCERPT_BYTES = 800

function unreadable(bytes: Buffer, cut: Cut, code: FailureCode, message: string): RawRecord {
  const end = Math.min(cut.end, cut.start + EXCERPT_BYTES)
  return {
    kind: 'unreadable',
    failure: { code, message },
    excerpt: excerptOf(bytes.toString('utf8', cut.start, end)),
    byteOffset: cut.byteOffset,
    lineNumber: cut.lineNumber,
  }
}
