/**
 * Text from outside, safe to print: facts and answers may hold escape sequences that would move a terminal's cursor,
 * or marks that turn the direction of writing.
 *
 * Line feeds and tabs stay; every other control or direction mark, and half a character, is shown as its number.
 */
export const printable = (text: string): string =>
  text.replace(UNSAFE, (mark) => `\\u{${mark.codePointAt(0)!.toString(16)}}`)

/** For a cell or a value of a list: a line feed is shown too, or a fact could begin a line that looks like one of ours. */
export const printableLine = (text: string): string =>
  printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')

const UNSAFE = /(?![\n\t])[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** On one line, with `…` where it was cut. @param most characters */
export function oneLine(text: string, most: number): string {
  const line = printable(text.replace(/\s+/gu, ' ').trim())
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`
}
