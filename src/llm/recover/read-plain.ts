/**
 * The short way for what most answers are: one sound object, laid out in whatever way, alone or in one fence.
 *
 * What comes out of JSON.parse and is written back to the same text, but for white space between its marks, has no key
 * twice, no digits that a double cannot hold and nothing that was mended, so reading it node by node would find the same
 * (docs/decisions/0182-keeping-up-by-the-clock.md).
 */
import { MAX_DEPTH } from './reader.ts'

/** White space as JSON has it, and no other: what else stands around an object is for a careful reading. */
const OPENING = /^[ \t\r\n]*(```(?:json)?[ \t]*\r?\n[ \t\r\n]*)?(?=\{)/i

/** @returns undefined where the text must be read with care */
export function readPlain(text: string): object | undefined {
  // NUL and half characters are escaped with \u where JSON.stringify writes them, and must be refused by name.
  const opening = OPENING.exec(text)
  if (opening === null || text.includes('\\u')) return undefined
  const end = endOfObject(text, opening[1] !== undefined)
  const json = text.slice(opening[0].length, end)
  const value = parsed(json)
  return value !== undefined && isLayoutOf(json, JSON.stringify(value)) && isShallow(value, MAX_DEPTH)
    ? value
    : undefined
}

/** From behind, by hand: a pattern that ends in white space takes quadratic time on a text that is full of it. */
function endOfObject(text: string, isFenced: boolean): number {
  const end = trimmedEnd(text, text.length)
  return isFenced && text.endsWith('```', end) ? trimmedEnd(text, end - 3) : end
}

function trimmedEnd(text: string, from: number): number {
  let end = from
  while (end > 0 && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1
  return end
}

/** What is no JSON is no fault here: it may be mended, or has faults that a careful reading names. */
function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text) as object
  } catch {
    return undefined
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * @param text JSON, with white space wherever it may stand
 * @param compact without any
 */
function isLayoutOf(text: string, compact: string): boolean {
  if (text.length === compact.length) return text === compact
  let at = 0
  let isInString = false
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (!isInString && isWhiteSpace(code)) continue
    if (code !== compact.charCodeAt(at)) return false
    at += 1
    if (code === QUOTE) isInString = !isInString
    else if (code === BACKSLASH) {
      i += 1
      if (text.charCodeAt(i) !== compact.charCodeAt(at)) return false
      at += 1
    }
  }
  return at === compact.length
}

const isWhiteSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1)))
