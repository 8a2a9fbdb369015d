/**
 * A corpus of any size that has the neighbours of a real one: real facts over and over, each copy with names of its
 * own.
 *
 * The most frequent words stay what they are, so sentences stay sentences and the structurer's cues stay cues. Of the
 * others a copy replaces most by made-up ones, the rarer the more, each by the same one wherever it stands: what was
 * near in the real corpus is near in every copy. Those that stay give facts neighbours in other copies, too, and let
 * the holders of a word grow with the corpus as they do in running text.
 */
import { readFileSync } from 'node:fs'
import { stemOf } from '../../src/language/stem.ts'
import type { GeneratedFact } from './generated-fact.ts'
import { madeUpWord } from './made-up-word.ts'
import { mixed } from './random.ts'

/** A word in more facts than this share of the corpus always keeps its spelling. */
const FREQUENT_SHARE = 0.02
/** The others keep it with a chance that falls with the square root of their frequency, from here down. */
const MOST_KEPT_PER_CENT = 30

interface Word {
  readonly spelling: string
  /** Behind the stem, so that a plural stays one. */
  readonly ending: string
  readonly stemNo: number
}

/** Texts that stay, and words that may be replaced, in reading order. */
interface CutFact {
  readonly fact: GeneratedFact
  readonly parts: readonly (string | Word)[]
}

/**
 * @param path JSON lines with fact_id, dup_group_id, domain, text and source; it is held in memory once
 * @param firstCopy 0 begins with the facts as they are, 1 with the first copy whose words are others
 */
export function* recombinedFacts(path: string, factCount: number, firstCopy = 0): Generator<GeneratedFact> {
  const { facts, keptPerCent } = cutFacts(readFacts(path))
  const spelledAs: (string | null)[] = keptPerCent.map(() => null)
  for (let number = 0; number < factCount; number++) {
    const copy = firstCopy + Math.floor(number / facts.length)
    const at = number % facts.length
    if (at === 0 && copy > 0) renameStems(spelledAs, keptPerCent, copy)
    yield copy === 0 ? facts[at]!.fact : renamed(facts[at]!, spelledAs, copy)
  }
}

const readFacts = (path: string): GeneratedFact[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GeneratedFact)

const WORD = /\p{L}{3,}/gu

/** @returns the facts, and for each stem that may be replaced how likely it is to stay */
function cutFacts(facts: readonly GeneratedFact[]): { facts: CutFact[]; keptPerCent: number[] } {
  const holders = new Map<string, number>()
  for (const { text } of facts)
    for (const stem of new Set((text.match(WORD) ?? []).map((word) => stemOf(word.toLowerCase()))))
      holders.set(stem, (holders.get(stem) ?? 0) + 1)
  const frequent = facts.length * FREQUENT_SHARE
  const rare = [...holders].filter(([, count]) => count < frequent)
  const numbers = new Map(rare.map(([stem], stemNo) => [stem, stemNo]))
  return {
    facts: facts.map((fact) => ({ fact, parts: partsOf(fact.text, numbers) })),
    keptPerCent: rare.map(([, count]) => MOST_KEPT_PER_CENT * Math.sqrt(count / frequent)),
  }
}

function partsOf(text: string, stemNumbers: ReadonlyMap<string, number>): (string | Word)[] {
  const parts: (string | Word)[] = []
  let end = 0
  for (const { 0: spelling, index } of text.matchAll(WORD)) {
    const lower = spelling.toLowerCase()
    const stem = stemOf(lower)
    const stemNo = stemNumbers.get(stem)
    if (stemNo === undefined) continue
    const ending = lower.startsWith(stem) ? lower.slice(stem.length) : 's'
    parts.push(text.slice(end, index), { spelling, ending, stemNo })
    end = index + spelling.length
  }
  return [...parts, text.slice(end)]
}

/** For the whole copy at once: looking up is cheaper than spelling. */
function renameStems(spelledAs: (string | null)[], keptPerCent: readonly number[], copy: number): void {
  for (const [stemNo, perCent] of keptPerCent.entries()) {
    const number = mixed(stemNo, copy)
    spelledAs[stemNo] = number % 100 < perCent ? null : madeUpWord(number)
  }
}

function renamed(
  { fact, parts }: CutFact,
  spelledAs: readonly (string | null)[],
  copy: number,
): GeneratedFact {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else text += respelled(part, spelledAs[part.stemNo]!)
  }
  return {
    ...fact,
    fact_id: `${fact.fact_id}~${copy}`,
    dup_group_id: `${fact.dup_group_id}~${copy}`,
    text,
  }
}

function respelled({ spelling, ending }: Word, stem: string | null): string {
  if (stem === null) return spelling
  const isCapital = spelling[0] !== spelling[0]!.toLowerCase()
  return (isCapital ? stem[0]!.toUpperCase() + stem.slice(1) : stem) + ending
}
