/**
 * Whether quotation marks that were not escaped can be nothing but text.
 *
 * They can where they stand in pairs around words, as in `"the "mass" of a body"`, or as one inch mark behind a
 * digit. Anything that could be a forgotten comma, a forgotten mark or a comment has a second reading.
 */

const DIGIT = /\p{N}/u
const WORD_PART = /[\p{L}\p{N}]/u
const WHITE = /\s/u
const STRUCTURAL = /^[\s,:[\]{}]*$/u

/**
 * @param start offset of the mark that begins the string
 * @param strays offsets of the marks inside it, ascending
 */
export function haveOneReading(text: string, start: number, strays: readonly number[]): boolean {
  if (strays.length === 0) return true
  if (strays.length === 1) return isInchMark(text, strays[0]!)
  if (strays.length % 2 === 1) return false
  const before = [start, ...strays]
  return strays.every((mark, index) => {
    if (index % 2 === 1) return true // looked at with the mark that opens its pair
    const outside = text.slice(before[index]! + 1, mark)
    const isSeparate = mark === start + 1 || !STRUCTURAL.test(outside)
    return isSeparate && areQuotation(text, mark, strays[index + 1]!)
  })
}

/** `(5'3") tall`: behind a digit, and nothing of JSON follows. */
const isInchMark = (text: string, at: number): boolean =>
  DIGIT.test(text[at - 1] ?? '') && /^(?:\s?[^\s"'“”,:[\]{}]|[)\]]\S)/u.test(text.slice(at + 1, at + 3))

/** Words between the marks, none grown together with them outside; inside, white space at both ends or at none. */
function areQuotation(text: string, opening: number, closing: number): boolean {
  const quoted = text.slice(opening + 1, closing)
  if (STRUCTURAL.test(quoted) || /[,:\]}]/u.test(quoted[0]!)) return false
  if (WORD_PART.test(text[opening - 1]!) || WORD_PART.test(text[closing + 1]!)) return false
  return WHITE.test(quoted[0]!) === WHITE.test(quoted.at(-1)!)
}
