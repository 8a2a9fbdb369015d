/** Cutting noun phrases out of running text without a parser. */
import {
  AFTER_PARTICIPLE,
  DESCRIPTIVE,
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
  let phrase: string[] = []
  for (let at = 0; at < words.length; at++) {
    const raw = words[at]!
    const word = raw.toLowerCase().replace(/^["“‘(]+|[.,;:!?"”’)]+$/gu, '')
    if (phrase.length === 0 && DETERMINERS.has(word)) continue
    if (joinsAdjectives(word, phrase)) {
      phrase = []
      continue
    }
    if (word === '/' || word === '') break
    const isLast = /[.;:!?]$/u.test(raw)
    const next = isLast ? undefined : words[at + 1]
    const isGerund = word.endsWith('ing') && phrase.at(-1)?.toLowerCase() === 'of' // "property of being a unit"
    if (!isGerund && endsPhrase(word, next, phrase.length, keepOf)) break
    phrase.push(raw.replace(/[.,;:!?]+$/u, ''))
    if (isLast || (raw.endsWith(',') && !isAdjective(word))) break
  }
  return phrase
}

/** "a foolish or nervous laugh": what "or" has joined so far only describes. */
const joinsAdjectives = (word: string, phrase: readonly string[]): boolean =>
  (word === 'or' || word === 'and') && phrase.length === 1 && isAdjective(phrase[0]!.toLowerCase())

/** By its ending; endings that nouns share (-al, -ic, -y) are left out. */
const isAdjective = (word: string): boolean =>
  DESCRIPTIVE.has(word) || /(?:ous|ful|less|ish|[aei]ble|tive|ical|[a-z]{3}ed)$/u.test(word)

function endsPhrase(word: string, next: string | undefined, length: number, keepOf: boolean): boolean {
  if (word === 'of') return !keepOf
  if (word === 'and' || word === 'or' || PHRASE_ENDS.has(word)) return true
  if (length === 0) return false
  if (POSTMODIFIERS.has(word)) return true
  if (word.endsWith('ly') && next !== undefined && isParticiple(next.toLowerCase())) return true
  if (next === undefined || !AFTER_PARTICIPLE.has(next.toLowerCase())) return false
  // "narrowing of the valve" is a noun, "band worn of old" is not.
  return (
    POSTMODIFIERS_WITH_PREPOSITION.has(word) ||
    (isParticiple(word) && !(next === 'of' && word.endsWith('ing')))
  )
}

const isParticiple = (word: string): boolean => /(?:ed|ing|wn)$/u.test(word)

/**
 * The members of a list: "oxygen, nitrogen and water vapor", "leaves; stems", "A / B".
 *
 * @returns at most eight, each still with what follows its noun phrase
 */
export const listItems = (text: string): string[] => text.split(/\s*[,;/]\s+|\s+(?:and|or)\s+|\s+\/\s+/u, 8)
