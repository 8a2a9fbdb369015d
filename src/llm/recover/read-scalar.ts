/** Numbers, true, false, null, and single words that lack their quotation marks. */
import type { JsonNode } from './json-node.ts'
import { keepsDecimal } from './keeps-decimal.ts'
import { afterWhiteSpace, failAt, matchAt, type Reader } from './reader.ts'

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /[\p{L}_][\p{L}\p{N}_-]*/uy

/** Spellings of the three literals: JSON's own, and those of other languages that mean nothing else. */
export const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['null', 'Null', 'NULL', 'None'].map((word) => [word, null] as const),
])

/**
 * Words that are no text although they look like one: a literal cut short, and names for "no value" or "no number",
 * for which nothing may be made up.
 */
const NO_TEXT =
  /^(?:t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|n(?:u(?:ll?)?|il|one|an)?|undef(?:ined)?|inf(?:inity)?)$/i

/** @param mayBeBare whether a word without quotation marks is a string here */
export function readScalar(reader: Reader, mayBeBare: boolean): JsonNode | undefined {
  const { text, at } = reader
  const number = matchAt(NUMBER, text, at)
  if (number !== undefined) return readNumber(reader, number)
  const word = matchAt(WORD, text, at)
  if (word === undefined || !endsAt(text, at + word.length)) return failAt(reader, at, 'a value was expected')
  const literal = LITERALS.get(word)
  if (literal !== undefined) {
    if (word !== String(literal)) reader.repairs.add('foreign_literal')
    reader.at += word.length
    return { kind: 'literal', source: word, value: literal }
  }
  if (!mayBeBare || NO_TEXT.test(word)) return failAt(reader, at, 'a word without quotation marks')
  reader.repairs.add('bare_word')
  reader.at += word.length
  return { kind: 'string', value: word }
}

function readNumber(reader: Reader, source: string): JsonNode | undefined {
  const { text, at } = reader
  if (!endsAt(text, at + source.length)) return failAt(reader, at, 'not a number of JSON')
  const value = Number(source)
  if (!keepsDecimal(source, value)) return failAt(reader, at, 'a number with more digits than can be kept')
  reader.at += source.length
  return { kind: 'number', source, value }
}

function endsAt(text: string, at: number): boolean {
  const next = afterWhiteSpace(text, at)
  return next === text.length || next > at || ',}]'.includes(text[next]!)
}
