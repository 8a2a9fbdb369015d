/**
 * A string, with what models do to strings: raw line breaks, escapes that do not exist, quotation marks that were
 * not escaped.
 *
 * A mark ends the string where what follows says so (`endsString`). The others are stray, and are taken for text
 * only where they have one reading (`haveOneReading`).
 */
import { endsString, type StringPlace } from './closing-quote.ts'
import { failAt, type Reader } from './reader.ts'
import { haveOneReading } from './stray-marks.ts'

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
      if (!haveOneReading(text, start, strays)) {
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
