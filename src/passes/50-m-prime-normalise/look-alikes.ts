/** Names that are alike because their things are kinds of one thing, not because they are the same thing. */
import { stemOf } from '../../language/stem.ts'
import { stopWords } from '../../language/words.ts'

/**
 * Names that end in the same word and differ before it are kinds of one thing ("Cuban peso", "Mexican peso"), and one
 * of them may be that thing ("peso"). Where one word in the middle differs, or only their order, the same holds.
 *
 * @param a, b words as wordsOf gives them
 */
export function areLookAlikes(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 1 && b.length === 1) return false
  if (stemOf(a[a.length - 1] ?? '') === stemOf(b[b.length - 1] ?? '')) return true
  if (a.length === b.length && a.filter((word, at) => word !== b[at]).length === 1) return true
  return sortedContent(a) === sortedContent(b)
}

const sortedContent = (words: readonly string[]): string =>
  words
    .filter((word) => !stopWords.has(word))
    .sort()
    .join(' ')
