/**
 * Whether a text has a name only as a piece of longer words: "acid" in "placid" or "amino-acid", and nowhere by
 * itself. The audit asks this of the text as it stands, independently of how mentions are found.
 */
import { foldCase } from '../../language/fold-case.ts'

const WORD_CHARACTER = /[\p{L}\p{M}\p{N}-]/u
const PLURAL = /^e?s(?![\p{L}\p{M}\p{N}-])/u

/** @param name normalised */
export function standsInsideWord(name: string, text: string): boolean {
  const folded = foldCase(text)
  let isFound = false
  for (let at = folded.indexOf(name); at !== -1; at = folded.indexOf(name, at + 1)) {
    isFound = true
    const before = folded.slice(0, at).at(-1) ?? ' '
    const after = folded.slice(at + name.length)
    const isEnded = PLURAL.test(after) || !WORD_CHARACTER.test(after.at(0) ?? ' ')
    if (!WORD_CHARACTER.test(before) && isEnded) return false
  }
  return isFound
}
