/** How two facts stand to each other, by their words alone. */

import { saysContradiction } from '../../language/explicit-language.ts'
import { foldCase } from '../../language/fold-case.ts'
import { stemOf } from '../../language/stem.ts'
import { contentWordsOf } from '../../language/words.ts'
import type { Reading } from './read-fact.ts'
import { NEGATIONS } from './word-lists.ts'

/**
 * Whether two texts say the same: equal but for case, articles, final punctuation and the defining verb. Numbers,
 * signs, negations, prepositions and order all count, so look-alikes that differ in one of them are not the same.
 */
export const saysTheSame = (one: Reading, other: Reading): boolean =>
  one.isNegated === other.isNegated && plainText(one.text) === plainText(other.text)

const plainText = (text: string): string =>
  foldCase(text.replace(/(^|\s)(?:an?|the|An?|The)(?=\s)/gu, '$1'))
    .replace(/:\s| (?:is|are|means|is a kind of|are kinds of|is a type of) /u, ' = ')
    .replace(/\s*[;/]\s+/gu, ' / ')
    .replace(/[\s,"'“”‘’]+/gu, ' ')
    .replace(/[.!\s]+$/u, '')
    .trim()

/** Whether one denies what the other says: the same content words, and exactly one of them negated. */
export function denies(one: Reading, other: Reading): boolean {
  if (one.isNegated === other.isNegated) return false
  // "Not only" denies nothing; the validators would refuse it.
  if (!saysContradiction(one.isNegated ? one.text : other.text)) return false
  const left = assertedStems(one.text)
  const right = assertedStems(other.text)
  return left.size > 1 && left.size === right.size && [...left].every((stem) => right.has(stem))
}

const assertedStems = (text: string): Set<string> =>
  new Set(
    contentWordsOf(text)
      .filter((word) => !NEGATIONS.has(word))
      .map(stemOf),
  )

/** The content of what is said of the head, as stems. */
export const predicateStems = (reading: Reading): Set<string> =>
  new Set(contentWordsOf(reading.predicate).map(stemOf))

/** Whether two fifths of the shorter definition stand in the other; docs/rules.md has the curve this was read from. */
export function overlaps(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const shared = [...one].filter((stem) => other.has(stem)).length
  return shared > 0 && shared * 5 >= Math.min(one.size, other.size) * 2
}

/** Whether `wider` has all of `narrower` and something more. */
export const goesBeyond = (wider: ReadonlySet<string>, narrower: ReadonlySet<string>): boolean =>
  wider.size > narrower.size && narrower.size > 0 && [...narrower].every((stem) => wider.has(stem))
