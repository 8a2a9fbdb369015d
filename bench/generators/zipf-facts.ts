/**
 * Facts of made-up words: the n-th frequent word turns up 1/n as often as the first (Zipf), the vocabulary grows with
 * the corpus (Heaps), and each fact is about a topic whose own rare words stand beside the frequent ones.
 *
 * For trials in which only the number and the length of the lines count; a fact has about 200 bytes as JSON.
 */
import type { GeneratedFact } from './generated-fact.ts'
import { madeUpWord } from './made-up-word.ts'
import { mixed, type Random, seededRandom } from './random.ts'

const FACTS_PER_TOPIC = 8
const TOPICS_PER_DOMAIN = 400
const WORDS_PER_TOPIC = 6
const FREQUENT_WORDS = 500

/** Heaps' law with the constants of running English text. */
export const vocabularyOf = (factCount: number): number => FREQUENT_WORDS + Math.ceil(40 * factCount ** 0.55)

/** @returns facts in order of their ids' numbers, the same for the same seed and count */
export function* zipfFacts(factCount: number, seed: number): Generator<GeneratedFact> {
  const random = seededRandom(seed)
  const words = vocabularyOf(factCount)
  const topics = Math.ceil(factCount / FACTS_PER_TOPIC)
  for (let number = 0; number < factCount; number++) {
    // Squared: early topics have many facts, late ones few.
    const topic = Math.floor(random() ** 2 * topics)
    const id = `made-${seed}-${number}`
    yield {
      fact_id: id,
      dup_group_id: id,
      domain: `area-${topic % Math.ceil(topics / TOPICS_PER_DOMAIN)}`,
      text: sentenceOf(topic, words, random),
      source: `made up, page ${number % 997}`,
    }
  }
}

function sentenceOf(topic: number, words: number, random: Random): string {
  const topical = (): string =>
    madeUpWord(FREQUENT_WORDS + (mixed(topic, Math.floor(random() * WORDS_PER_TOPIC)) % words))
  const frequent = (): string => madeUpWord(Math.floor(words ** random()) - 1)
  const parts = [`The ${topical()} is a`]
  const length = 6 + Math.floor(random() * 6)
  for (let at = 0; at < length; at++) parts.push(at % 4 === 1 ? topical() : frequent())
  return `${parts.join(' ')}.`
}
