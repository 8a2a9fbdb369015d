/**
 * The order of search results: what bears the very name first, then BM25 over name, aliases and text, ties by the
 * document's number, which is its place by connections and then by id.
 *
 * Scores are rounded to whole millionths before they are compared, so that nothing hangs on the last bit of a float.
 */
import type { Candidate } from '../../../db/queries/search-reading.ts'
import { meets, type QueryWord, tokensOf } from './query-words.ts'

/** Robertson's k1 and b, as FTS5 has them. */
const SATURATION = 1.2
const LENGTH_SHARE = 0.75

/** A word of a name says more of a concept than one of its gloss. */
const NAME_WEIGHT = 4
const ALIAS_WEIGHT = 2

export interface Ranked {
  readonly candidate: Candidate
  /** 0 bears the name that was asked for, 1 bears it as an alias, 2 begins with it, 3 is all others. */
  readonly tier: number
  readonly scoreMillionths: number
}

/** @param rarity of each word, in its order: the fewer documents have it, the more it says */
export function rank(
  candidates: readonly Candidate[],
  words: readonly QueryWord[],
  rarity: readonly number[],
): Ranked[] {
  const asked = words.map(({ word }) => word).join(' ')
  const weighed = candidates.map((candidate) => weigh(candidate, words))
  const meanLength = weighed.reduce((sum, { length }) => sum + length, 0) / Math.max(1, weighed.length)
  return weighed
    .map(({ candidate, frequencies, length, nameTokens }) => {
      const damping = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * length) / meanLength)
      const score = frequencies.reduce(
        (sum, frequency, at) => sum + (rarity[at]! * frequency * (SATURATION + 1)) / (frequency + damping),
        0,
      )
      return {
        candidate,
        tier: tierOf(candidate, nameTokens, asked),
        scoreMillionths: Math.round(score * 1e6),
      }
    })
    .sort(
      (a, b) => a.tier - b.tier || b.scoreMillionths - a.scoreMillionths || a.candidate.doc - b.candidate.doc,
    )
}

/** BM25's idf, never negative: a word that most documents have still says that it is there. */
export const rarityOf = (documentsWithWord: number, documents: number): number =>
  Math.log(1 + (documents - documentsWithWord + 0.5) / (documentsWithWord + 0.5))

function weigh(candidate: Candidate, words: readonly QueryWord[]) {
  const nameTokens = tokensOf(candidate.name)
  const aliasTokens = tokensOf(candidate.aliases)
  const textTokens = tokensOf(candidate.text)
  const count = (word: QueryWord, tokens: readonly string[]): number =>
    tokens.reduce((sum, token) => sum + (meets(word, token) ? 1 : 0), 0)
  return {
    candidate,
    nameTokens,
    frequencies: words.map(
      (word) =>
        NAME_WEIGHT * count(word, nameTokens) +
        ALIAS_WEIGHT * count(word, aliasTokens) +
        count(word, textTokens),
    ),
    length: nameTokens.length + aliasTokens.length + textTokens.length,
  }
}

function tierOf({ aliases }: Candidate, nameTokens: readonly string[], asked: string): number {
  if (asked === '') return 3
  const name = nameTokens.join(' ')
  if (name === asked) return 0
  if (aliases.split('\n').some((alias) => tokensOf(alias).join(' ') === asked)) return 1
  return name.startsWith(asked) ? 2 : 3
}
