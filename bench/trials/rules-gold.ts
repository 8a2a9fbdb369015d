/**
 * How much of the public gold does the built-in structurer find, and how fast is it?
 *
 * Counting, on text level: each fact is read alone and gives a head name, aliases and claims. A claim's name is
 * looked up among the normalised heads and aliases of the corpus.
 *
 * - Only claims whose source and at least one named fact stand in some gold pair of the type count: about a fact
 *   that nobody labelled, the gold says neither right nor wrong.
 * - By name: a claim is right if one of the facts that bear its name is a gold target; which of several senses is
 *   meant is not the structurer's to say. By pair: every (source, named fact) is a prediction of its own.
 * - Recall: gold pairs that some claim covers, of all gold pairs of the type, also those no wording shows.
 * - `above`: a `refines` claim is also right if it names an ancestor, not only the parent.
 *
 * Run: CORPORA=<folder> node --import tsx bench/trials/rules-gold.ts [corpus …]
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { contentWordsOf, stopWords } from '../../src/language/words.ts'
import type { Claim } from '../../src/llm/rules/claims.ts'
import { readFact } from '../../src/llm/rules/read-fact.ts'
import { type Term, termOf } from '../../src/llm/rules/term.ts'
import { type FactRow, readLines } from '../support/corpus-files.ts'
import {
  countInvalid,
  measureSpeed,
  pairsAsMarkdown,
  scorePairs,
  scoreTrees,
} from '../support/rules-clusters.ts'
import type { Trial } from '../support/trial.ts'

/** Gold names that mean one of our types; the others (regulates, located_in, same_concept …) are not measured. */
const TYPE_OF_GOLD: Readonly<Record<string, string>> = {
  refines: 'refines',
  instance_of: 'refines',
  part_of: 'part_of',
  depends_on: 'depends_on',
  causes: 'causes',
  contradicts: 'contradicts',
  opposite_of: 'contradicts',
  disjoint_with: 'contradicts',
}
const SYMMETRIC: ReadonlySet<string> = new Set(['contradicts'])

/** The two corpora the rules were written on; the others were measured, never tuned on. */
export const DEVELOPMENT_CORPORA: readonly string[] = ['oewn', 'worldtree']
const GOLD_CORPORA = ['oewn', 'worldtree', 'obo', 'openstax-physics', 'metamath', 'claims']

interface ReadText {
  readonly names: readonly Term[]
  readonly claims: readonly Claim[]
}

export interface TypeScore {
  readonly corpus: string
  readonly split: 'development' | 'held out'
  readonly reader: 'rules' | 'first noun'
  readonly relType: string
  readonly goldPairs: number
  readonly claims: number
  readonly precisionByName: number | null
  readonly precisionAbove: number | null
  readonly precisionByPair: number | null
  readonly recall: number
}

export function scoreRules(corporaFolder: string, corpora: readonly string[] = GOLD_CORPORA): TypeScore[] {
  return corpora.flatMap((corpus) => {
    const facts = readLines<FactRow>(join(corporaFolder, `facts-${corpus}.jsonl`))
    const gold = goldOf(join(corporaFolder, `gold-relations-${corpus}.jsonl`))
    const split = DEVELOPMENT_CORPORA.includes(corpus) ? 'development' : 'held out'
    return [
      ...scoreReader(readByRules, facts, gold).map(
        (score) => ({ corpus, split, reader: 'rules', ...score }) as const,
      ),
      ...scoreReader(readFirstNoun, facts, gold).map(
        (score) => ({ corpus, split, reader: 'first noun', ...score }) as const,
      ),
    ]
  })
}

interface Gold {
  readonly byType: ReadonlyMap<string, ReadonlySet<string>>
  readonly parents: ReadonlyMap<string, readonly string[]>
}

function goldOf(path: string): Gold {
  const byType = new Map<string, Set<string>>()
  const parents = new Map<string, string[]>()
  for (const { src, relation, dst } of readLines<{ src: string; relation: string; dst: string }>(path)) {
    const relType = TYPE_OF_GOLD[relation]
    if (relType === undefined) continue
    const pairs = byType.get(relType) ?? new Set()
    byType.set(relType, pairs.add(pairKey(relType, src, dst)))
    if (relType === 'refines') parents.set(src, [...(parents.get(src) ?? []), dst])
  }
  return { byType, parents }
}

const pairKey = (relType: string, src: string, dst: string): string =>
  SYMMETRIC.has(relType) && dst < src ? `${dst}\t${src}` : `${src}\t${dst}`

function readByRules({ domain, text }: FactRow): ReadText {
  const { head, aliases, claims } = readFact({ i: 0, domain, text })
  return { names: head === null ? [] : [head, ...aliases], claims }
}

const ALL_TYPES = ['refines', 'part_of', 'depends_on', 'causes', 'contradicts'] as const

/** The baseline: a fact is about its first run of content words and related, in any way, to its next content word. */
function readFirstNoun({ text }: FactRow): ReadText {
  const words = text.replace(/\([^()]*\)/gu, '').split(/\s+/u)
  const start = words.findIndex((word) => !isStop(word))
  const length = words.slice(start).findIndex((word) => isStop(word) || /[:,;.]$/u.test(word))
  const isClosed = /[:,;.]$/u.test(words[start + length] ?? '')
  const end = length === -1 ? words.length : start + length + (isClosed ? 1 : 0)
  const name = termOf(words.slice(start, end).join(' '))
  const next = contentWordsOf(words.slice(end).join(' '))[0]
  const term = next === undefined ? null : termOf(next)
  return {
    names: name === null ? [] : [name],
    claims: term === null ? [] : ALL_TYPES.map((relType) => ({ relType, direction: 'out', term })),
  }
}

const isStop = (word: string): boolean =>
  stopWords.has(word.toLowerCase()) || /^(?:means|describes)$/u.test(word)

function scoreReader(read: (fact: FactRow) => ReadText, facts: readonly FactRow[], gold: Gold) {
  const readings = facts.map((fact) => ({ id: fact.fact_id, ...read(fact) }))
  const byName = new Map<string, string[]>()
  for (const { id, names } of readings)
    for (const { key } of names) byName.set(key, [...(byName.get(key) ?? []), id])
  return ALL_TYPES.filter((relType) => gold.byType.has(relType)).map((relType) => {
    const pairs = gold.byType.get(relType)!
    const labelled = new Set([...pairs].flatMap((pair) => pair.split('\t')))
    const found = new Set<string>()
    const count = { claims: 0, right: 0, above: 0, predictedPairs: 0 }
    for (const { id, claims } of readings) {
      if (!labelled.has(id)) continue
      for (const claim of claims.filter((one) => one.relType === relType)) {
        const named = (byName.get(claim.term.key) ?? []).filter(
          (other) => other !== id && labelled.has(other),
        )
        if (named.length === 0) continue
        const keys = named.map((other) =>
          claim.direction === 'out' ? pairKey(relType, id, other) : pairKey(relType, other, id),
        )
        const hits = keys.filter((key) => pairs.has(key))
        for (const key of hits) found.add(key)
        count.claims++
        count.predictedPairs += keys.length
        if (hits.length > 0) count.right++
        if (hits.length > 0 || (relType === 'refines' && named.some((other) => isAbove(gold, id, other))))
          count.above++
      }
    }
    return {
      relType,
      goldPairs: pairs.size,
      claims: count.claims,
      precisionByName: ratio(count.right, count.claims),
      precisionAbove: relType === 'refines' ? ratio(count.above, count.claims) : null,
      precisionByPair: ratio(found.size, count.predictedPairs),
      recall: found.size / pairs.size,
    }
  })
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

function isAbove(gold: Gold, below: string, above: string): boolean {
  const reached = new Set([below])
  for (const at of reached) for (const parent of gold.parents.get(at) ?? []) reached.add(parent)
  return above !== below && reached.has(above)
}

const percent = (value: number | null): string => (value === null ? '–' : `${(value * 100).toFixed(1)} %`)

export function scoresAsMarkdown(scores: readonly TypeScore[]): string {
  const rows = scores.map((score) =>
    [
      score.corpus,
      score.split,
      score.reader,
      score.relType,
      score.goldPairs,
      score.claims,
      percent(score.precisionByName),
      percent(score.precisionAbove),
      percent(score.precisionByPair),
      percent(score.recall),
    ].join(' | '),
  )
  return [
    '| corpus | split | reader | type | gold pairs | claims | precision by name | above | by pair | recall |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

/** Everything at once, for the runner of the benches: `markdown` for people, `json` for programs. */
export function measureRulesGold(corporaFolder: string, corpora: readonly string[] = GOLD_CORPORA) {
  const json = {
    scores: scoreRules(corporaFolder, corpora),
    pairs: scorePairs(corporaFolder),
    trees: scoreTrees(corporaFolder),
    validity: countInvalid(corporaFolder, [...GOLD_CORPORA, 'bcd']),
    speed: [...DEVELOPMENT_CORPORA, 'obo'].map((corpus) => measureSpeed(corporaFolder, corpus, 2_000)),
  }
  const { trees, keptLeavesPerLeaf, keptDistractorsPerDistractor } = json.trees
  const others = [
    `${trees} explanation trees: ${percent(keptLeavesPerLeaf)} of the other leaves kept, ${percent(keptDistractorsPerDistractor)} of the distractors.`,
    `${json.validity.clusters} clusters of twelve facts of all corpora: ${json.validity.invalid} refused by the validators.`,
    ...json.speed.map(
      ({ corpus, clustersPerSecond, factsPerSecond }) =>
        `${corpus}: ${clustersPerSecond} clusters of 8 a second of processor time, ${factsPerSecond} facts.`,
    ),
  ]
  const parts = [scoresAsMarkdown(json.scores), pairsAsMarkdown(json.pairs), others.join('\n')]
  return { markdown: `${parts.join('\n\n')}\n`, json }
}

export const trial: Trial = {
  name: 'rules-gold',
  question: 'How much of the public gold does the built-in structurer find?',
  peers: ['first noun'],
  run({ isSmall, corporaFolder, say }) {
    if (corporaFolder === null) {
      const notes = ['This trial needs the public corpora: name their folder with --corpora.']
      return Promise.resolve({ rows: [], absentPeers: [], notes })
    }
    const corpora = isSmall ? ['openstax-physics', 'claims'] : GOLD_CORPORA
    say(`reading ${corpora.join(', ')}`)
    const rows = scoreRules(corporaFolder, corpora).map(({ corpus, relType, reader, split, ...score }) => ({
      name: `${corpus} ${relType}, ${reader}`,
      cells: {
        split,
        'gold pairs': score.goldPairs,
        claims: score.claims,
        'precision by name': percent(score.precisionByName),
        above: percent(score.precisionAbove),
        'by pair': percent(score.precisionByPair),
        recall: percent(score.recall),
      },
    }))
    const notes = ['What each figure means stands at the head of bench/trials/rules-gold.ts.']
    return Promise.resolve({ rows, absentPeers: [], notes })
  },
}

function main(): void {
  const folder = process.env.CORPORA ?? process.argv[2]
  if (folder === undefined) {
    process.stderr.write(
      'name the folder of the corpora: CORPORA=<folder> node --import tsx bench/trials/rules-gold.ts\n',
    )
    process.exitCode = 2
    return
  }
  const only = process.argv.slice(process.env.CORPORA === undefined ? 3 : 2)
  const { markdown, json } = measureRulesGold(folder, only.length > 0 ? only : GOLD_CORPORA)
  process.stdout.write(`${markdown}\n${JSON.stringify(json)}\n`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
