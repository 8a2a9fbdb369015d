/**
 * A block of lines, read as far as its bytes tell. Plain facts are left where they stand and only pointed at, so a
 * block crosses from a thread to the host without being copied; every other line is a record as any reader makes it.
 */
import { isUtf8 } from 'node:buffer'
import type { HashBytes } from '../../../shards/hash-key.ts'
import type { RawRecord } from '../../passes/10-plan/raw-record.ts'
import { createLineScanner, FIELD_WORDS, ID, type ScanRules } from '../../passes/10-plan/scan-line.ts'
import type { Cut, CutBlock } from './cut-records.ts'
import { isBlank, lineOf, readable } from './read-lines.ts'

export interface ScannedBlock {
  readonly bytes: Uint8Array
  /** Of records; the arrays below may be longer. */
  readonly count: number
  /**
   * SPAN_WORDS a record: start and end of its line, then its fields as ScanLine writes them. Of one that is no plain
   * fact OTHER, and where it stands in `others`.
   */
  readonly spans: Int32Array
  /** Keys of the ids of plain facts, the low half of each before the high one. */
  readonly keyHalves: Int32Array
  /** Byte and number of the line, for each record. */
  readonly places: Float64Array
  /** Records that are no plain facts. */
  readonly others: readonly RawRecord[]
}

export const SPAN_WORDS = 2 + FIELD_WORDS
/** Where in a record's words the fields begin. */
export const FIELDS_AT = 2
const OTHER = -1
const BACKSLASH = 0x5c

export interface BlockRules extends ScanRules {
  readonly maxLineBytes: number
}

/** @returns reads a block; blank lines are no records */
export function blockScanner(rules: BlockRules, hashBytes: HashBytes): (block: CutBlock) => ScannedBlock {
  const scanLine = createLineScanner(rules)
  return (block) => {
    const { bytes, cuts } = block
    const spans = new Int32Array(cuts.length * SPAN_WORDS)
    const keys = new BigInt64Array(cuts.length)
    const places = new Float64Array(cuts.length * 2)
    const others: RawRecord[] = []
    const { isText, hasEscape } = lookOver(block)
    let count = 0
    for (const cut of cuts) {
      const at = count * SPAN_WORDS
      const isRead = isText(cut)
      if (isRead && !hasEscape(cut) && scanLine(bytes, cut.start, cut.end, spans, at + FIELDS_AT)) {
        spans[at] = cut.start
        spans[at + 1] = cut.end
        keys[count] = hashBytes(bytes.subarray(spans[at + FIELDS_AT + ID], spans[at + FIELDS_AT + ID + 1]))
      } else {
        const record = isRead ? lineOf(bytes, cut) : readable({ bytes, cuts: [cut] }, rules.maxLineBytes)[0]!
        if (isBlank(record)) continue
        spans[at] = OTHER
        spans[at + 1] = others.push(record) - 1
      }
      places[2 * count] = cut.byteOffset
      places[2 * count + 1] = cut.lineNumber
      count += 1
    }
    return { bytes, count, spans, keyHalves: new Int32Array(keys.buffer), places, others }
  }
}

/** What one look at the whole block, or at much of it, tells of its lines; to be asked in their order. */
function lookOver({ bytes, cuts }: CutBlock) {
  // A cut at a newline cuts no character in two, so one check over the block holds for each of its lines.
  const isSound = isUtf8(bytes.subarray(cuts[0]?.start ?? 0, cuts.at(-1)?.end ?? 0))
  let nextEscape = -1
  return {
    isText: ({ start, end, flaw }: Cut): boolean =>
      flaw === null && (isSound || isUtf8(bytes.subarray(start, end))),
    /** Such a line is never a plain fact, and need not be scanned. */
    hasEscape({ start, end }: Cut): boolean {
      if (nextEscape < start) {
        const found = bytes.indexOf(BACKSLASH, start)
        nextEscape = found < 0 ? bytes.length : found
      }
      return nextEscape < end
    },
  }
}

export const isPlain = ({ spans }: ScannedBlock, number: number): boolean =>
  spans[number * SPAN_WORDS] !== OTHER

export function scannedRecord({ bytes, spans, places, others }: ScannedBlock, number: number): RawRecord {
  const at = number * SPAN_WORDS
  if (spans[at] === OTHER) return others[spans[at + 1]!]!
  const [byteOffset, lineNumber] = [places[2 * number]!, places[2 * number + 1]!]
  return { kind: 'line', text: textOf(bytes, spans, at), byteOffset, lineNumber }
}

/** @param at where the span stands in `spans` */
export const textOf = (
  { buffer, byteOffset, byteLength }: Uint8Array,
  spans: Int32Array,
  at: number,
): string => Buffer.from(buffer, byteOffset, byteLength).toString('utf8', spans[at], spans[at + 1])
