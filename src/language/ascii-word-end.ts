/**
 * Where the word ends that begins at `start`, in a text of ASCII: the rules of `WORD` in words.ts for plain letters
 * and digits, without making a string. A test holds the two together.
 *
 * @param start of a letter or digit
 * @returns exclusive, a possessive 's included
 */
export function asciiWordEnd(text: string, start: number): number {
  const number = numberEnd(text, start)
  if (number > start) return number
  let end = start
  while (isLetterOrDigit(text.charCodeAt(end))) end++
  while (text.charCodeAt(end) === APOSTROPHE && isLetter(text.charCodeAt(end + 1))) {
    end += 2
    while (isLetter(text.charCodeAt(end))) end++
  }
  return end + signLength(text, end)
}

const APOSTROPHE = 0x27
const PLUS = 0x2b
const COMMA = 0x2c
const DOT = 0x2e
const SHARP = 0x23

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
export const isSmallLetter = (code: number): boolean => code >= 0x61 && code <= 0x7a
const isLetter = (code: number): boolean => isSmallLetter(code) || (code >= 0x41 && code <= 0x5a)
export const isLetterOrDigit = (code: number): boolean => isLetter(code) || isDigit(code)

/** Whether a word of letters alone ends before it: no digit, apostrophe or sign, with which it may go on. */
export const endsPlainWord = (code: number): boolean =>
  !isLetterOrDigit(code) && code !== APOSTROPHE && code !== PLUS && code !== SHARP

/** Digits with decimals or groups; `start` where there are none behind the first digits. */
function numberEnd(text: string, start: number): number {
  let end = start
  while (isDigit(text.charCodeAt(end))) end++
  const first = end
  for (let code = text.charCodeAt(end); code === DOT || code === COMMA; code = text.charCodeAt(end)) {
    if (!isDigit(text.charCodeAt(end + 1))) break
    end += 2
    while (isDigit(text.charCodeAt(end))) end++
  }
  return end === first ? start : end
}

/** "C++", "C#", "Na+": a sign that nothing follows belongs to the name. */
function signLength(text: string, at: number): number {
  const sign = text.charCodeAt(at)
  if (sign === PLUS && text.charCodeAt(at + 1) === PLUS)
    return isLetterOrDigit(text.charCodeAt(at + 2)) ? 1 : 2
  if (sign !== PLUS && sign !== SHARP) return 0
  return isLetterOrDigit(text.charCodeAt(at + 1)) ? 0 : 1
}
