/** Whether a quotation mark ends its string, judged by what follows it. */
import { afterWhiteSpace, matchAt } from './reader.ts'

/** Where a string stands: that decides what may follow it. */
export type StringPlace = 'key' | 'object' | 'array' | 'root'

export interface Surroundings {
  readonly place: StringPlace
  /** Containers around the string; the outermost one may be followed by prose. */
  readonly depth: number
  /** Marks inside the string so far that did not end it. */
  readonly strayCount: number
}

/** Bounded, so that a look ahead costs the same on any input. */
const QUOTED_KEY = /"(?:[^"\\\n]|\\.){0,200}"\s{0,50}:|'[^'\n]{0,200}'\s{0,50}:|“[^”\n]{0,200}”\s{0,50}:/y
const BARE_KEY = /[\p{L}_$][\p{L}\p{N}_$-]{0,200}\s{0,50}:/uy
const ITEM = /["'“[{\]]|-?\d|(?:true|false|null|None|True|False)\b/y
const BARE_ITEM = /[\p{L}_]/uy

/** @param after offset behind the mark */
export function endsString(text: string, after: number, around: Surroundings): boolean {
  const next = afterWhiteSpace(text, after)
  if (next === text.length) return around.place !== 'key'
  const mark = text[next]!
  if (around.place === 'key') return mark === ':'
  if (around.place === 'root') return false
  const closer = around.place === 'object' ? '}' : ']'
  if (mark === closer) return continuesAfterContainer(text, next + 1, around.depth)
  if (mark === ',') return continuesAfterComma(text, next + 1, around, closer)
  return around.place === 'object' && isNewLineWithKey(text, after, next)
}

/** The outermost container may be followed by anything: that is text around the answer. */
function continuesAfterContainer(text: string, after: number, depth: number): boolean {
  if (depth <= 1) return true
  const next = afterWhiteSpace(text, after)
  return next === text.length || ',}]{['.includes(text[next]!) || isNewLineWithKey(text, after, next)
}

function continuesAfterComma(text: string, after: number, around: Surroundings, closer: string): boolean {
  const next = afterWhiteSpace(text, after)
  if (next === text.length || text[next] === closer) return true
  // Prose goes on with words, so a bare word counts only where the string holds no stray mark yet.
  const isClean = around.strayCount === 0
  const [quoted, bare] = around.place === 'object' ? [QUOTED_KEY, BARE_KEY] : [ITEM, BARE_ITEM]
  return matchAt(quoted, text, next) !== undefined || (isClean && matchAt(bare, text, next) !== undefined)
}

/** `"a": "x"⏎ "b": …`: the comma was forgotten at the end of a line. */
const isNewLineWithKey = (text: string, after: number, next: number): boolean =>
  matchAt(QUOTED_KEY, text, next) !== undefined && text.slice(after, next).includes('\n')
