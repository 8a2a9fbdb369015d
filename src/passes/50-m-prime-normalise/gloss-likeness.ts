/** How much two glosses have in common, rare words first. */
import { stemOf } from '../../language/stem.ts'
import { contentWordsOf } from '../../language/words.ts'

/** In how many glosses a word stands, counted in slots by hash: a shared slot only makes a word look more common. */
export interface WordCounts {
  /** @param gloss as written */
  count(gloss: string): void
  /** Bits of surprise, 1 to 32: the integer logarithm of how rare the word is. */
  weightOf(word: string): number
}

const SLOTS = 1 << 20
/** Glosses say much with few words; stems of rarer ones are worked out again. */
const MOST_STEMS_KEPT = 1 << 15

export function createWordCounts(): WordCounts {
  const slots = new Uint32Array(SLOTS)
  const stems = new Map<string, string>()
  let glosses = 0
  const stemOfWord = (word: string): string => {
    const known = stems.get(word)
    if (known !== undefined) return known
    const stem = stemOf(word)
    if (stems.size < MOST_STEMS_KEPT) stems.set(word, stem)
    return stem
  }
  return {
    count(gloss) {
      glosses++
      for (const stem of new Set(contentWordsOf(gloss).map(stemOfWord))) slots[slotOf(stem)]!++
    },
    weightOf: (word) => 32 - Math.clz32(Math.floor(glosses / Math.max(1, slots[slotOf(word)]!)) | 1),
  }
}

/** What a gloss says, as stems, each once, ascending. */
export const glossWordsOf = (gloss: string): string[] =>
  [...new Set(contentWordsOf(gloss).map(stemOf))].sort()

/**
 * Weighted Jaccard similarity in millionths, 0 where either says nothing.
 *
 * @param named stems of the words in both sides' names: left out, since a name says nothing about itself
 */
export function glossLikeness(
  a: readonly string[],
  b: readonly string[],
  named: ReadonlySet<string>,
  { weightOf }: Pick<WordCounts, 'weightOf'>,
): number {
  const inA = new Set(a.filter((word) => !named.has(word)))
  const inB = new Set(b.filter((word) => !named.has(word)))
  let shared = 0
  let all = 0
  for (const word of new Set([...inA, ...inB])) {
    const weight = weightOf(word)
    all += weight
    if (inA.has(word) && inB.has(word)) shared += weight
  }
  return all === 0 ? 0 : Math.floor((shared * 1_000_000) / all)
}

function slotOf(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}
