/** The head concept of a fact: its grammatical subject, as a name. */
import { leadingPhrase, listItems } from './noun-phrase.ts'
import type { Shape } from './split.ts'
import { type Term, termOf, withoutRepeats } from './term.ts'
import { DETERMINERS, PHRASE_ENDS, RELATIVES } from './word-lists.ts'

/** A subject of more words keeps only its leading noun phrase. */
const MOST_WORDS = 7

export function headsOf(subject: string, shape: Shape): { head: Term | null; others: Term[] } {
  const isVerb = /^to\s/iu.test(subject)
  const [first = '', ...more] = alternativesOf(subject)
  const head = termOf(isVerb ? first : nameIn(first, shape))
  const others = more.flatMap((item) => termOf(nameIn(item, shape)) ?? [])
  return { head, others: head === null ? [] : withoutRepeats(others).filter(({ key }) => key !== head.key) }
}

/** "A / B", "A; B", "A and B", "A, B, and C": one sentence for several subjects. */
function alternativesOf(subject: string): string[] {
  if (/\s\/\s|;\s?/u.test(subject)) return listItems(subject.replace(/\s+\/\s+|;\s?/gu, ' / '))
  const items = / and /u.test(subject)
    ? subject.split(/,? and |, /u).filter((item) => item !== '')
    : [subject]
  return items.every((item) => item.split(' ').length <= MOST_WORDS_IN_ITEM && !/\bof\b/u.test(item))
    ? items
    : [subject]
}

/** Longer items share words with each other ("plants and animals in a food web"). */
const MOST_WORDS_IN_ITEM = 2

function nameIn(subject: string, shape: Shape): string {
  const name = beforeRelative(subject.replace(PARTITIVE, ''))
  const isName = shape !== 'fragment' && name.split(/\s+/u).length <= MOST_WORDS
  return withoutLooseEnd(isName ? name : leadingPhrase(name, true).join(' '))
}

/** "one of the laws" is about the laws. */
const PARTITIVE =
  /^(?:one|some|many|most|all|each|any|both|several|two|three) of (?:the|these|those|its|all)\s/iu

/** "Property of", "ring with": what the phrase was cut behind is not part of its name. */
function withoutLooseEnd(name: string): string {
  const words = name.split(' ')
  let end = words.length
  while (end > 1 && isLoose(words[end - 1]!.toLowerCase())) end--
  return words.slice(0, end).join(' ')
}

const isLoose = (word: string): boolean =>
  word === 'of' || word === 'and' || word === 'or' || PHRASE_ENDS.has(word) || DETERMINERS.has(word)

/** "a star that is hot" and "Paris, the capital of France," are about the star and about Paris. */
function beforeRelative(subject: string): string {
  const words = subject.split(/,\s/u)[0]!.split(/\s+/u)
  const cut = words.findIndex((word, at) => at > 0 && word !== 'to' && word !== 'as' && RELATIVES.has(word))
  return (cut === -1 ? words : words.slice(0, cut)).join(' ')
}
