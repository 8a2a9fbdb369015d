/**
 * A string, with what models do to strings: raw line breaks, escapes that do not exist, quotation marks that were
 * not escaped.
 *
 * A mark ends the string where what follows says so (`endsString`). The others are stray, and are taken for text
 * only where no second reading is near: in pairs around words, as in `"the "mass" of a body"`, or as one inch mark
 * behind a digit. Anything else that could be a forgotten comma or a forgotten mark is refused.
 */
import { endsString, type StringPlace } from './closing-quote.ts'
import { failAt, type Reader } from './reader.ts'

const CLOSING_MARK: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”' }
const ESCAPED: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  "'": "'",
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

export const opensString = (character: string | undefined): boolean =>
  character !== undefined && character in CLOSING_MARK

/** @returns the text of the string that begins here, or undefined with the reader's fault set */
export function readString(reader: Reader, place: StringPlace): string | undefined {
  const { text, at: start } = reader
  const opening = text[start]!
  const closing = CLOSING_MARK[opening]!
  const special = opening === '"' ? /["\\]/g : opening === "'" ? /['\\]/g : /[”\\]/g
  const strays: number[] = []
  const parts: string[] = []
  let from = start + 1
  special.lastIndex = from
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    const at = found.index
    if (found[0] === '\\') {
      const escaped = readEscape(reader, at)
      if (escaped === undefined) return undefined
      parts.push(text.slice(from, at), escaped.value)
      from = escaped.end
      special.lastIndex = escaped.end
    } else if (
      reader.isStrict ||
      endsString(text, at + 1, { place, depth: reader.depth, strayCount: strays.length })
    ) {
      parts.push(text.slice(from, at))
      reader.at = at + 1
      if (!areUnmistakable(text, start, strays, at)) {
        return failAt(reader, at, 'a quotation mark inside a string can be read in two ways')
      }
      noteRepairs(reader, opening, strays.length, text.slice(start + 1, at))
      return wholeText(reader, start, parts.join(''))
    } else if (!isApostrophe(text, at, closing)) {
      strays.push(at)
    }
  }
  return failAt(reader, text.length, 'a string is not closed')
}

function readEscape(reader: Reader, at: number): { value: string; end: number } | undefined {
  const name = reader.text[at + 1] ?? ''
  const value = ESCAPED[name]
  if (value !== undefined) {
    if (name === "'") reader.repairs.add('odd_escape')
    return { value, end: at + 2 }
  }
  if (name === 'u') {
    const digits = reader.text.slice(at + 2, at + 6)
    if (/^[0-9a-f]{4}$/i.test(digits))
      return { value: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 6 }
    return failAt(reader, at, 'a \\u escape lacks its four digits')
  }
  // An escape that does not exist, as in "\alpha": the backslash is text too.
  reader.repairs.add('odd_escape')
  return { value: '\\', end: at + 1 }
}

const isApostrophe = (text: string, at: number, closing: string): boolean =>
  closing === "'" && LETTER.test(text[at - 1] ?? '') && LETTER.test(text[at + 1] ?? '')

const LETTER = /\p{L}/u
const DIGIT = /\p{N}/u
const WORD_PART = /[\p{L}\p{N}]/u
const STRUCTURAL = /^[\s,:[\]{}]*$/u

/** Whether the stray marks of a string have one reading only. */
function areUnmistakable(text: string, start: number, strays: readonly number[], end: number): boolean {
  if (strays.length === 0) return true
  if (strays.length === 1) return isInchMark(text, strays[0]!)
  if (strays.length % 2 === 1) return false
  const marks = [start, ...strays, end]
  return strays.every((mark, index) => {
    const between = text.slice(marks[index]! + 1, mark)
    if (index % 2 === 1) return closesQuotation(text, mark) && !STRUCTURAL.test(between)
    return opensQuotation(text, mark) && (mark === start + 1 || !STRUCTURAL.test(between))
  })
}

/** `(5'3") tall`: behind a digit, and nothing of JSON follows. */
const isInchMark = (text: string, at: number): boolean =>
  DIGIT.test(text[at - 1] ?? '') && /^(?:\s?[^\s"'“”,:[\]{}]|[)\]]\S)/u.test(text.slice(at + 1, at + 3))

const opensQuotation = (text: string, at: number): boolean =>
  !WORD_PART.test(text[at - 1]!) && !/[\s,:\]}]/u.test(text[at + 1]!)

const closesQuotation = (text: string, at: number): boolean =>
  !/\s/u.test(text[at - 1]!) && !WORD_PART.test(text[at + 1]!)

function noteRepairs({ repairs }: Reader, opening: string, strayCount: number, raw: string): void {
  if (opening === "'") repairs.add('single_quotes')
  if (opening === '“') repairs.add('typographic_quotes')
  if (strayCount > 0) repairs.add('stray_quote')
  if (hasControl(raw)) repairs.add('raw_control')
}

function hasControl(raw: string): boolean {
  for (let at = 0; at < raw.length; at += 1) if (raw.charCodeAt(at) < 0x20) return true
  return false
}

const HALF_CHARACTER = /\p{Surrogate}/u

/** NUL and half characters cannot be stored as text: what would be lost later is refused here. */
function wholeText(reader: Reader, start: number, value: string): string | undefined {
  if (value.includes('\0')) return failAt(reader, start, 'a string holds a NUL character')
  if (HALF_CHARACTER.test(value)) return failAt(reader, start, 'a string holds half a character')
  return value
}
