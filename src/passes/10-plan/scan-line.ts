/**
 * A line of a fact as most are written, found out over its bytes: one flat object whose values are plain strings.
 *
 * Whatever is not clearly that (an escape, a number, a nested value, a field twice, a fault) is not judged here but
 * left to `acceptLine`, which is the truth: what this verb says yes to, acceptLine takes with the same values. Pure.
 */
import type { ColumnMap } from './column-map.ts'

/** In this order a record of spans has the start and the end, exclusive, of each; an absent field is empty. */
const SPANNED = ['fact_id', 'dup_group_id', 'domain', 'text', 'source'] as const

export const FIELD_WORDS = SPANNED.length * 2
export const [ID, GROUP, DOMAIN, TEXT, SOURCE] = [0, 2, 4, 6, 8] as const

/**
 * @param bytes valid UTF-8 from `start` to `end`, and no newline in between
 * @param spans FIELD_WORDS of it are written from `at`
 * @returns whether it is a plain fact; where it is not, what stands in the spans means nothing
 */
export type ScanLine = (
  bytes: Uint8Array,
  start: number,
  end: number,
  spans: Int32Array,
  at: number,
) => boolean

export interface ScanRules {
  readonly columns: ColumnMap
  /** In UTF-16 code units, of which a text never has more than bytes. */
  readonly maxTextChars: number
}

const MAX_ID_BYTES = 512
const ABSENT = -1
const [QUOTE, COMMA, COLON, OPEN, CLOSE] = [0x22, 0x2c, 0x3a, 0x7b, 0x7d] as const

/** Bytes that stand for themselves within a string: no quote, no backslash, no control character. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x20 && byte !== QUOTE && byte !== 0x5c),
)

/** The first two bytes of what `trim` takes away beyond ASCII, and of a few characters beside. */
const MAYBE_SPACE: ReadonlySet<number> = new Set([0xc2a0, 0xe19a, 0xe280, 0xe281, 0xe380, 0xefbb])

export function createLineScanner({ columns, maxTextChars }: ScanRules): ScanLine {
  const encode = new TextEncoder()
  const names = SPANNED.map((field) => encode.encode(columns[field]))
  const removed = encode.encode(columns.removed)
  // One column for two fields: too rare to be worth a second way.
  if (new Set(Object.values(columns)).size < Object.keys(columns).length) return () => false

  /** @returns where the field's span is, ABSENT for a column that no fact has, null where the line must be read with care */
  function spanOf(bytes: Uint8Array, start: number, end: number): number | null {
    for (let field = 0; field < names.length; field++) {
      if (isName(names[field]!, bytes, start, end)) return field * 2
    }
    return isName(removed, bytes, start, end) ? null : ABSENT
  }

  return (bytes, start, end, spans, at) => {
    spans.fill(ABSENT, at, at + FIELD_WORDS)
    let next = skipSpace(bytes, start)
    if (bytes[next] !== OPEN) return false
    do {
      const name = skipSpace(bytes, next + 1)
      const nameEnd = stringEnd(bytes, name, end)
      if (nameEnd < 0) return false
      const colon = skipSpace(bytes, nameEnd + 1)
      if (bytes[colon] !== COLON) return false
      const value = skipSpace(bytes, colon + 1)
      const valueEnd = stringEnd(bytes, value, end)
      if (valueEnd < 0) return false
      const span = spanOf(bytes, name + 1, nameEnd)
      if (span === null) return false
      if (span !== ABSENT) {
        if (spans[at + span] !== ABSENT) return false
        spans[at + span] = value + 1
        spans[at + span + 1] = valueEnd
      }
      next = skipSpace(bytes, valueEnd + 1)
    } while (bytes[next] === COMMA)
    if (bytes[next] !== CLOSE || skipSpace(bytes, next + 1) !== end) return false
    return completes(bytes, spans, at, maxTextChars)
  }
}

/** Fills in what may be absent. @returns whether the fact is one that needs no other look */
function completes(bytes: Uint8Array, spans: Int32Array, at: number, maxTextChars: number): boolean {
  const lengthOf = (span: number): number => spans[at + span + 1]! - spans[at + span]!
  if (lengthOf(ID) === 0 || lengthOf(ID) > MAX_ID_BYTES || lengthOf(GROUP) > MAX_ID_BYTES) return false
  if (lengthOf(TEXT) === 0 || lengthOf(TEXT) > maxTextChars) return false
  if (!isSeen(bytes, spans[at + TEXT]!)) return false
  if (lengthOf(GROUP) === 0) spans.copyWithin(at + GROUP, at + ID, at + ID + 2)
  return true
}

/** Whether the character is certainly not white space. */
function isSeen(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at]!
  return byte < 0x80 ? byte > 0x20 : !MAYBE_SPACE.has((byte << 8) | bytes[at + 1]!)
}

/** @returns the closing quote of the plain string that begins at `from`; -1 where there is none */
function stringEnd(bytes: Uint8Array, from: number, end: number): number {
  if (bytes[from] !== QUOTE) return -1
  let at = from + 1
  while (at < end && PLAIN[bytes[at]!] === 1) at++
  return at < end && bytes[at] === QUOTE ? at : -1
}

/** Stops at the newline behind the line, at the latest. */
function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at++
  return at
}

function isName(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== name.length) return false
  for (let at = 0; at < name.length; at++) if (bytes[start + at] !== name[at]) return false
  return true
}
