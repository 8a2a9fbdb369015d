/** Cutting noun phrases out of running text without a parser. */
import {
  AFTER_PARTICIPLE,
  DETERMINERS,
  PHRASE_ENDS,
  POSTMODIFIERS,
  POSTMODIFIERS_WITH_PREPOSITION,
} from './word-lists.ts'

/**
 * The words of the noun phrase a text begins with: determiners skipped, ended by a preposition other than "of", a
 * relative pronoun, a postmodifier or punctuation.
 *
 * @param keepOf whether "temperature of a substance" is one phrase
 */
export function leadingPhrase(text: string, keepOf: boolean): string[] {
  const words = text.trim().split(/\s+/u)
  const phrase: string[] = []
  for (let at = 0; at < words.length; at++) {
    const raw = words[at]!
    const word = raw.toLowerCase().replace(/^["“‘(]+|[.,;:!?"”’)]+$/gu, '')
    if (phrase.length === 0 && DETERMINERS.has(word)) continue
    if (word === '/' || word === '' || endsPhrase(word, words[at + 1], phrase.length, keepOf)) break
    phrase.push(raw.replace(/[.,;:!?]+$/u, ''))
    if (/[.,;:!?]$/u.test(raw)) break
  }
  return phrase
}

function endsPhrase(word: string, next: string | undefined, length: number, keepOf: boolean): boolean {
  if (word === 'of') return !keepOf
  if (word === 'and' || word === 'or' || PHRASE_ENDS.has(word)) return true
  if (length === 0) return false
  if (POSTMODIFIERS.has(word)) return true
  if (next === undefined || !AFTER_PARTICIPLE.has(next.toLowerCase())) return false
  // "narrowing of the valve" is a noun, "band worn of old" is not.
  return (
    POSTMODIFIERS_WITH_PREPOSITION.has(word) ||
    (/(?:ed|ing|wn)$/u.test(word) && !(next === 'of' && word.endsWith('ing')))
  )
}

/**
 * The members of a list: "oxygen, nitrogen and water vapor", "leaves; stems", "A / B".
 *
 * @returns at most eight, each still with what follows its noun phrase
 */
export const listItems = (text: string): string[] => text.split(/\s*[,;/]\s+|\s+(?:and|or)\s+|\s+\/\s+/u, 8)
