/** Whether what surrounds a value is prose, and not a piece of JSON that the value was torn from. */

const ONLY_CLOSERS = /^[\]}),;\s`]*$/
const CLOSER_BEHIND_QUOTE = /["'”]\s*[\]}]/u

/** @param before, after the text around the value, of any length */
export const standsAlone = (before: string, after: string): boolean =>
  !endsInsideJson(before.trimEnd()) && !goesOnAsJson(after.trimStart())

const endsInsideJson = (before: string): boolean =>
  before.endsWith(',') || /"\s{0,50}:$/.test(before) || openBrackets(before) > 0

/**
 * A bracket too many at the very end holds no text. Anything else that looks like JSON may be the rest of an object
 * that closed too early: taking the front of it would drop the rest.
 */
function goesOnAsJson(after: string): boolean {
  if (ONLY_CLOSERS.test(after)) return false
  return /^[,:"[\]{}]/.test(after) || CLOSER_BEHIND_QUOTE.test(after) || openBrackets(after) < 0
}

/** Brackets that were opened and not closed; negative where more were closed. */
function openBrackets(text: string): number {
  let open = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) open += bracket === '{' || bracket === '[' ? 1 : -1
  return open
}
