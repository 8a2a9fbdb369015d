/** What a cluster is about: the seed's head, named by the fact that defines it best. */
import { wordsOf } from '../../language/words.ts'
import type { Reading } from './read-fact.ts'
import { type Term, termOf } from './term.ts'
import { CLAUSE_OPENERS, DETERMINERS, PHRASE_ENDS, PLACEHOLDERS } from './word-lists.ts'

export interface Choice {
  readonly canonical: Reading
  readonly head: Term
  /** Every key under which a fact counts as being about the concept. */
  readonly keys: ReadonlySet<string>
}

/** @param readings at least one; the first is the seed */
export function chooseConcept(readings: readonly Reading[]): Choice {
  const seed = readings.find(hasWords) ?? readings[0]!
  const head = seed.head ?? headNearSeed(seed, readings) ?? wordsAsHead(seed)
  const canonical = readings.find((reading) => reading.i === bestNaming(readings, seed, head))!
  const ownHead = canonical.head ?? head
  return {
    canonical,
    head: ownHead,
    keys: new Set([ownHead.key, ...canonical.aliases.map(({ key }) => key)]),
  }
}

/** A seed of signs alone ("→") can name nothing; the next fact stands in for it. */
const hasWords = ({ head, text }: Reading): boolean => head !== null || wordsOf(text).length > 0

/** A definition names best; the seed comes first among equals, then position. */
function bestNaming(readings: readonly Reading[], seed: Reading, head: Term): number {
  if (seed.shape === 'definition') return seed.i
  const defining = readings.find(({ shape, head: own }) => shape === 'definition' && own?.key === head.key)
  const naming = readings.find(({ head: own }) => own?.key === head.key)
  return (defining ?? (seed.head === null ? naming : undefined) ?? seed).i
}

/** The seed points elsewhere ("if something …"): take the first head whose words all stand in the seed. */
function headNearSeed(seed: Reading, readings: readonly Reading[]): Term | null {
  const seedWords = new Set(wordsOf(seed.text))
  const near = readings.find(({ head }) => head?.key.split(' ').every((word) => seedWords.has(word)))
  return near?.head ?? null
}

const FEW_WORDS = 4

/** Nothing names a concept: the first words of the seed that are more than glue stand in, so that the fact is not lost. */
function wordsAsHead({ text }: Reading): Term {
  const words = text.trim().split(/\s+/u)
  const start = words.findIndex((word) => !isGlue(word.toLowerCase()))
  const name = words.slice(0, FEW_WORDS).join(' ')
  return (
    termOf(words.slice(Math.max(start, 0)).slice(0, FEW_WORDS).join(' ')) ??
    termOf(name) ?? { name, key: wordsOf(name).join(' ') }
  )
}

const isGlue = (word: string): boolean =>
  PHRASE_ENDS.has(word) || DETERMINERS.has(word) || CLAUSE_OPENERS.has(word) || PLACEHOLDERS.has(word)
