/** What the built-in structurer does with whole clusters of public gold: what it keeps, how it ties two facts, how fast. */
import { join } from 'node:path'
import { RELATION_TYPES } from '../../schemas/structure.ts'
import { structureByRules } from '../../src/llm/rules/structure-by-rules.ts'
import { validate } from '../../src/passes/30-c-structure/validate.ts'
import { type FactRow, readLines } from './corpus-files.ts'

export interface TreeScore {
  readonly trees: number
  readonly keptLeavesPerLeaf: number
  readonly keptDistractorsPerDistractor: number
}

/** Explanation trees: a cluster of one leaf as seed, its other leaves, and distractors up to twelve facts. */
export function scoreTrees(corporaFolder: string): TreeScore {
  const texts = new Map(
    readLines<FactRow>(join(corporaFolder, 'facts-worldtree.jsonl')).map((fact) => [fact.fact_id, fact]),
  )
  const count = { trees: 0, leaves: 0, keptLeaves: 0, distractors: 0, keptDistractors: 0 }
  for (const tree of readLines<{ leaves: string[]; distractors: string[] }>(
    join(corporaFolder, 'gold-clusters-worldtree.jsonl'),
  )) {
    const ids = [...tree.leaves, ...tree.distractors].filter((id) => texts.has(id)).slice(0, 12)
    const leafCount = tree.leaves.filter((id) => texts.has(id)).length
    if (leafCount < 2) continue
    const { members } = structureByRules(ids.map((id, i) => ({ i, domain: '', text: texts.get(id)!.text })))
    count.trees++
    count.leaves += leafCount - 1
    count.distractors += ids.length - leafCount
    count.keptLeaves += members.filter(({ i }) => i > 0 && i < leafCount).length
    count.keptDistractors += members.filter(({ i }) => i >= leafCount).length
  }
  return {
    trees: count.trees,
    keptLeavesPerLeaf: count.keptLeaves / count.leaves,
    keptDistractorsPerDistractor: count.keptDistractors / count.distractors,
  }
}

export interface PairScore {
  readonly origin: string
  readonly label: string
  readonly pairs: number
  /** What a cluster of the two texts gives: a relation type, or `dropped`, to its count. */
  readonly given: Readonly<Record<string, number>>
}

/** Labelled pairs, each as a cluster of two. */
export function scorePairs(corporaFolder: string): PairScore[] {
  const groups = new Map<string, Map<string, number>>()
  for (const { a, b, label, origin } of readLines<Record<'a' | 'b' | 'label' | 'origin', string>>(
    join(corporaFolder, 'gold-pairs.jsonl'),
  )) {
    const { relations } = structureByRules([a, b].map((text, i) => ({ i, domain: '', text })))
    const relType = relations[0]?.rel_type ?? 'dropped'
    const group = groups.get(`${origin}\t${label}`) ?? new Map<string, number>()
    groups.set(`${origin}\t${label}`, group.set(relType, (group.get(relType) ?? 0) + 1))
  }
  return [...groups.keys()].sort().map((key) => {
    const [origin, label] = key.split('\t') as [string, string]
    const given = groups.get(key)!
    return { origin, label, pairs: sum(given.values()), given: Object.fromEntries([...given].sort()) }
  })
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0)

const FIRST_FACTS = 60_000

/**
 * Clusters of twelve facts, in the corpus's order and in the order of their texts (so that look-alikes meet), judged
 * by the validators of the structure pass.
 */
export function countInvalid(corporaFolder: string, corpora: readonly string[]) {
  const count = { clusters: 0, invalid: 0 }
  for (const corpus of corpora) {
    const texts = readLines<FactRow>(join(corporaFolder, `facts-${corpus}.jsonl`)).map(({ text }) => text)
    for (const order of [texts, [...texts].sort()])
      for (let at = 0; at + 12 <= order.length && at < FIRST_FACTS; at += 12) {
        count.clusters++
        if (isRefused(order.slice(at, at + 12))) count.invalid++
      }
  }
  return count
}

function isRefused(texts: readonly string[]): boolean {
  const facts = texts.map((text, i) => ({ i, domain: '', text }))
  const members = facts.map((fact) => ({
    ...fact,
    standing: 'member' as const,
    factId: `${fact.i}`,
    dupGroupId: `${fact.i}`,
  }))
  const cluster = { clusterId: '', seedFactId: '0', round: 0, domain: '', isLone: false, members }
  return validate(structureByRules(facts), cluster, RELATION_TYPES).length > 0
}

/** Clusters of eight neighbouring lines of a corpus, per second of processor time: other work on the machine waits. */
export function measureSpeed(corporaFolder: string, corpus: string, budgetMs: number) {
  const facts = readLines<FactRow>(join(corporaFolder, `facts-${corpus}.jsonl`)).slice(0, 16_000)
  const clusters: Array<Array<{ i: number; domain: string; text: string }>> = []
  for (let at = 0; at + 8 <= facts.length; at += 8)
    clusters.push(facts.slice(at, at + 8).map(({ domain, text }, i) => ({ i, domain, text })))
  for (const cluster of clusters.slice(0, 500)) structureByRules(cluster)
  const start = process.cpuUsage()
  let done = 0
  let spentMs = 0
  while (spentMs < budgetMs) {
    for (let burst = 0; burst < 200; burst++) structureByRules(clusters[done++ % clusters.length]!)
    const { user, system } = process.cpuUsage(start)
    spentMs = (user + system) / 1000
  }
  const clustersPerSecond = Math.round((done * 1000) / spentMs)
  return { corpus, clustersPerSecond, factsPerSecond: clustersPerSecond * 8 }
}

export function pairsAsMarkdown(scores: readonly PairScore[]): string {
  const rows = scores.map(({ origin, label, pairs, given }) => {
    const shown = Object.entries(given).map(([relType, count]) => `${relType} ${count}`)
    return `| ${origin} | ${label} | ${pairs} | ${shown.join(', ')} |`
  })
  return ['| origin | label | pairs | given |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
