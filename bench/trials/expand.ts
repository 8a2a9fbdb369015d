/**
 * Does the neighbour index find what SQLite's full-text index finds, how much faster, and what do clusters save?
 *
 * Each corpus goes through the real intake; all figures are over representatives, and a gold relation inside one
 * group of duplicates is left out. The sample of gold relations is taken by hash.
 *
 * - recall@12: gold relations with one end among the twelve nearest of the other, in either direction; `directed`
 *   asks each end for the other on its own. The floor is off, as bm25() has none.
 * - FTS5 reads the lists of all words of a fact, so an answer takes it longer the larger the corpus is: it is asked for
 *   the first relations of the sample only (`mostAskedOfFts`). The ratios of recall are over those, on both sides.
 * - queries/s: one thread, after a warm-up; the facts that FTS5 is asked for are among those of our index.
 * - together: all gold relations that one cluster of `cover` holds both ends of.
 * - trees: leaves of an explanation that share a cluster, and leaves that share one with a distractor.
 *
 * Run: CORPORA=<folder> node --import tsx bench/trials/expand.ts [corpus …]; RELATIONS=<n> samples more or fewer.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Db, openDb } from '../../db/open.ts'
import { type HashKey, loadHashKey } from '../../shards/hash-key.ts'
import { buildIndex } from '../../src/control/expand/build-index.ts'
import { expand } from '../../src/control/expand/expand.ts'
import { factsPerAskedCluster } from '../../src/control/expand/expand-summary.ts'
import { openReading } from '../../src/control/expand/read-facts.ts'
import { intake } from '../../src/control/intake/intake.ts'
import { countFound, type RankPair } from '../../src/control/neighbours/count-found.ts'
import { ranksFound } from '../../src/control/neighbours/measure-neighbours.ts'
import type { NeighbourIndex } from '../../src/passes/20-x-expand/neighbour-index.ts'
import { createSearch } from '../../src/passes/20-x-expand/search-neighbours.ts'
import { createFtsNeighbours } from '../support/fts-neighbours.ts'
import { type GoldTree, goldPairs, goldTrees, type Pair } from '../support/gold.ts'
import type { Row, Trial } from '../support/trial.ts'

const CORPORA = ['hardsci-small', 'openstax-physics', 'claims', 'bcd', 'obo', 'metamath', 'worldtree', 'oewn']
const NEIGHBOUR_COUNT = 12
const POSTINGS_CAP = 2_000
const SCORE_FLOOR = 0.15
const MAX_MEMBERS = 12
/** A corpus without gold is asked this many of its facts, for the speed. */
const ASKED_WITHOUT_GOLD = 1_000

/** Keeps the whole trial within four minutes of CPU; of the largest corpus (101 thousand facts) 236 are asked. */
const mostAskedOfFts = (factCount: number): number =>
  Math.min(1_000, Math.max(2, Math.floor(24_000_000 / factCount)))

export interface ExpandFigures {
  readonly corpus: string
  readonly facts: number
  readonly seeds: number
  readonly lone: number
  readonly rounds: number
  readonly factsPerAskedCluster: number
  readonly indexFactsPerSecond: number
  readonly queriesPerSecond: number
  readonly ftsQueriesPerSecond: number
  readonly sampledRelations: number
  readonly recall: number
  /** Relations of the sample that both indexes are asked for, and what each finds of them. */
  readonly sharedRelations: number
  readonly sharedRecall: number
  readonly ftsRecall: number
  readonly sharedDirectedRecall: number
  readonly ftsDirectedRecall: number
  readonly goldRelations: number
  readonly goldTogetherShare: number
  readonly leavesTogetherShare: number
  readonly distractorsTogetherShare: number
  readonly peakBytes: number
}

export async function measureExpand(
  folder: string,
  corpora: readonly string[],
  relationCount: number,
): Promise<ExpandFigures[]> {
  const hashKey = await loadHashKey()
  const figures: ExpandFigures[] = []
  for (const corpus of corpora) {
    const dir = mkdtempSync(join(tmpdir(), 'rff-bench-'))
    const db = openDb(join(dir, 'corpus.sqlite'), 'corpus', { mode: 'create' })
    try {
      figures.push(await measureCorpus(db, folder, corpus, relationCount, hashKey))
    } finally {
      db.close()
      rmSync(dir, { recursive: true })
    }
  }
  return figures
}

async function measureCorpus(
  db: Db,
  folder: string,
  corpus: string,
  relationCount: number,
  hashKey: HashKey,
): Promise<ExpandFigures> {
  await intake(db, {
    planNo: 1,
    inputs: [join(folder, `facts-${corpus}.jsonl`)],
    map: {},
    replace: false,
    frozen: false,
    maxRefusedShare: 0.01,
    limits: { maxLineBytes: 1_048_576, maxTextChars: 10_000 },
  })
  const { index, texts, rankOf, indexFactsPerSecond } = await indexCorpus(db)
  const gold = distinctPairs(goldPairs(folder, corpus), rankOf)
  const sampled = sampleByHash(gold, relationCount, hashKey)
  const asked =
    sampled.length > 0
      ? [...new Set(sampled.flat())]
      : Array.from({ length: Math.min(ASKED_WITHOUT_GOLD, texts.length) }, (_, rank) => rank)
  const settings = {
    neighbourCount: NEIGHBOUR_COUNT,
    scoreFloorMillionths: 0,
    postingsCap: POSTINGS_CAP,
  }
  const search = createSearch(index, settings)
  const ours = ask(asked, (rank) => {
    return ranksFound(search(rank, 'own').ranks)
  })
  const { shared, theirs } = askFts(texts, sampled, asked)

  const summary = await expand(db, {
    planNo: 1,
    mode: 'cover',
    scope: 'corpus',
    maxMembers: MAX_MEMBERS,
    topK: NEIGHBOUR_COUNT,
    scoreFloor: SCORE_FLOOR,
    postingsCap: POSTINGS_CAP,
    threadCount: 0,
  })
  const clusterOf = readClusters(db, rankOf)
  const trees = scoreTrees(goldTrees(folder, corpus), rankOf, clusterOf)
  const [recall] = recallOf(sampled, ours.lists)
  const [sharedRecall, sharedDirectedRecall] = recallOf(shared, ours.lists)
  const [ftsRecall, ftsDirectedRecall] = recallOf(shared, theirs.lists)
  return {
    corpus,
    facts: summary.factCount,
    seeds: summary.seedCount,
    lone: summary.loneCount,
    rounds: summary.roundCount,
    factsPerAskedCluster: factsPerAskedCluster(summary) / 1_000,
    indexFactsPerSecond,
    queriesPerSecond: ours.queriesPerSecond,
    ftsQueriesPerSecond: theirs.queriesPerSecond,
    sampledRelations: sampled.length,
    recall,
    sharedRelations: shared.length,
    sharedRecall,
    ftsRecall,
    sharedDirectedRecall,
    ftsDirectedRecall,
    goldRelations: gold.length,
    goldTogetherShare: gold.filter(([a, b]) => clusterOf.get(a) === clusterOf.get(b)).length / gold.length,
    ...trees,
    peakBytes: summary.bytes.peak,
  }
}

interface IndexedCorpus {
  readonly index: NeighbourIndex
  /** By rank. */
  readonly texts: readonly string[]
  /** Of a fact, or of the one that speaks for it. */
  readonly rankOf: ReadonlyMap<string, number>
  readonly indexFactsPerSecond: number
}

async function indexCorpus(db: Db): Promise<IndexedCorpus> {
  const reading = openReading(db, true, false, undefined)
  const texts: string[] = []
  const silent = (): void => undefined
  const start = performance.now()
  const { index, factNos } = await buildIndex(
    reading,
    'corpus',
    ({ rank, text }) => {
      texts[rank] = text
    },
    silent,
  )
  const indexFactsPerSecond = (1_000 * texts.length) / (performance.now() - start)
  const rankByNo = new Map(Array.from(factNos, (factNo, rank) => [factNo, rank] as const))
  const spokenFor = db
    .prepare<[], { factId: string; factNo: number }>(
      `SELECT fact_id AS factId, coalesce(representative_fact_no, fact_no) AS factNo
       FROM facts LEFT JOIN coverage USING (fact_no)`,
    )
    .all()
  const rankOf = new Map(spokenFor.map(({ factId, factNo }) => [factId, rankByNo.get(factNo)!]))
  return { index, texts, rankOf, indexFactsPerSecond }
}

const distinctPairs = (pairs: readonly Pair[], rankOf: ReadonlyMap<string, number>): RankPair[] =>
  pairs
    .map(([a, b]) => [rankOf.get(a), rankOf.get(b)] as const)
    .filter((pair): pair is RankPair => pair[0] !== undefined && pair[1] !== undefined && pair[0] !== pair[1])

function sampleByHash(pairs: readonly RankPair[], count: number, hashKey: HashKey): RankPair[] {
  const keyed = pairs.map((pair) => ({ pair, key: hashKey(pair.join(' ')) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return keyed.slice(0, count).map(({ pair }) => pair)
}

/** At most a quarter of what is asked. */
const WARM_UP_QUERIES = 200

function ask(
  asked: readonly number[],
  nearest: (rank: number) => number[],
): { lists: Map<number, number[]>; queriesPerSecond: number } {
  for (const rank of asked.slice(0, Math.min(WARM_UP_QUERIES, asked.length / 4))) nearest(rank)
  const start = performance.now()
  const lists = new Map(asked.map((rank) => [rank, nearest(rank)] as const))
  return { lists, queriesPerSecond: (1_000 * asked.length) / (performance.now() - start) }
}

/** @returns what it found, and the first relations of the sample, whose facts it was asked for */
function askFts(
  texts: readonly string[],
  sampled: readonly RankPair[],
  asked: readonly number[],
): { shared: RankPair[]; theirs: ReturnType<typeof ask> } {
  const most = mostAskedOfFts(texts.length)
  const shared = sampled.slice(0, Math.floor(most / 2))
  const askedOfFts = sampled.length > 0 ? [...new Set(shared.flat())] : asked.slice(0, most)
  const fts = createFtsNeighbours(texts, NEIGHBOUR_COUNT)
  try {
    return { shared, theirs: ask(askedOfFts, (rank) => fts.nearest(rank)) }
  } finally {
    fts.close()
  }
}

/** @returns the share found in either direction, and the share of directions that find */
function recallOf(pairs: readonly RankPair[], lists: ReadonlyMap<number, number[]>): [number, number] {
  const { found, foundDirections } = countFound(pairs, (rank) => lists.get(rank)!)
  return [found / pairs.length, foundDirections / (2 * pairs.length)]
}

function readClusters(db: Db, rankOf: ReadonlyMap<string, number>): Map<number, string> {
  const rows = db
    .prepare<[], { factId: string; clusterId: string }>(
      `SELECT fact_id AS factId, cluster_id AS clusterId FROM coverage JOIN facts USING (fact_no)
       WHERE role IN ('seed', 'member')`,
    )
    .all()
  return new Map(rows.map(({ factId, clusterId }) => [rankOf.get(factId)!, clusterId]))
}

function scoreTrees(
  trees: readonly GoldTree[],
  rankOf: ReadonlyMap<string, number>,
  clusterOf: ReadonlyMap<number, string>,
): { leavesTogetherShare: number; distractorsTogetherShare: number } {
  const leaves = { pairs: 0, together: 0 }
  const distractors = { pairs: 0, together: 0 }
  const tally = (counts: { pairs: number; together: number }, a: string, b: string): void => {
    const [rankA, rankB] = [rankOf.get(a), rankOf.get(b)]
    if (rankA === undefined || rankB === undefined || rankA === rankB) return
    counts.pairs++
    if (clusterOf.get(rankA) === clusterOf.get(rankB)) counts.together++
  }
  for (const tree of trees) {
    for (const [at, leaf] of tree.leaves.entries()) {
      for (const other of tree.leaves.slice(at + 1)) tally(leaves, leaf, other)
      for (const distractor of tree.distractors) tally(distractors, leaf, distractor)
    }
  }
  return {
    leavesTogetherShare: leaves.together / leaves.pairs,
    distractorsTogetherShare: distractors.together / distractors.pairs,
  }
}

const percent = (share: number): string => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`)
const ratio = (ours: number, theirs: number): string =>
  Number.isNaN(ours / theirs) ? '–' : (ours / theirs).toFixed(2)

export function expandAsMarkdown(figures: readonly ExpandFigures[]): string {
  const head = [
    'corpus',
    'facts',
    'seeds',
    'lone',
    'facts per asked cluster',
    'recall@12',
    'asked of both',
    'ours',
    'FTS5',
    'ratio',
    'directed ratio',
    'queries/s',
    'FTS5',
    'ratio',
    'indexed facts/s',
    'gold in one cluster',
    'leaves / distractors together',
  ]
  const rows = figures.map((row) => [
    row.corpus,
    row.facts,
    row.seeds,
    row.lone,
    row.factsPerAskedCluster.toFixed(1),
    percent(row.recall),
    row.sharedRelations,
    percent(row.sharedRecall),
    percent(row.ftsRecall),
    ratio(row.sharedRecall, row.ftsRecall),
    ratio(row.sharedDirectedRecall, row.ftsDirectedRecall),
    Math.round(row.queriesPerSecond),
    Math.round(row.ftsQueriesPerSecond),
    ratio(row.queriesPerSecond, row.ftsQueriesPerSecond),
    Math.round(row.indexFactsPerSecond),
    percent(row.goldTogetherShare),
    `${percent(row.leavesTogetherShare)} / ${percent(row.distractorsTogetherShare)}`,
  ])
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const DEMO_FACTS = new URL('../../demo/facts.jsonl', import.meta.url)

const rowOf = ({ corpus, ...figures }: ExpandFigures): Row => ({
  name: corpus,
  cells: {
    facts: figures.facts,
    seeds: figures.seeds,
    'facts per asked cluster': figures.factsPerAskedCluster,
    'recall@12': percent(figures.recall),
    'relations asked of both': figures.sharedRelations,
    'ours of those': percent(figures.sharedRecall),
    'FTS5 of those': percent(figures.ftsRecall),
    'recall ratio': ratio(figures.sharedRecall, figures.ftsRecall),
    'queries/s': figures.queriesPerSecond,
    'of FTS5 /s': figures.ftsQueriesPerSecond,
    'speed ratio': ratio(figures.queriesPerSecond, figures.ftsQueriesPerSecond),
    'indexed facts/s': figures.indexFactsPerSecond,
    'gold in one cluster': percent(figures.goldTogetherShare),
    'peak MB': figures.peakBytes / 1e6,
  },
})

export const trial: Trial = {
  name: 'expand',
  question: "Does the neighbour index find what SQLite's full-text index finds, and how much faster?",
  peers: ['FTS5'],
  async run({ isSmall, corporaFolder, workFolder, say }) {
    if (corporaFolder === null) copyFileSync(DEMO_FACTS, join(workFolder, 'facts-demo.jsonl'))
    const corpora = corporaFolder === null ? ['demo'] : isSmall ? CORPORA.slice(0, 2) : CORPORA
    say(`indexing ${corpora.join(', ')}`)
    const figures = await measureExpand(corporaFolder ?? workFolder, corpora, 1_000)
    const withoutGold = 'Without a folder of public corpora there is no gold, so recall is not told.'
    return {
      rows: figures.map(rowOf),
      absentPeers: [],
      notes: [
        'One round in one thread; targets: 0.97 of the recall, 10 times the queries.',
        'Recall@12 is over up to 1,000 relations; FTS5 is asked for fewer of a large corpus, and the ratio is over those.',
        ...(corporaFolder === null ? [withoutGold] : []),
      ],
    }
  },
}

async function main(): Promise<void> {
  const folder = process.env.CORPORA ?? process.argv[2]
  if (folder === undefined) {
    process.stderr.write(
      'name the folder of the corpora: CORPORA=<folder> node --import tsx bench/trials/expand.ts\n',
    )
    process.exitCode = 2
    return
  }
  const only = process.argv.slice(process.env.CORPORA === undefined ? 3 : 2)
  const relationCount = Number(process.env.RELATIONS ?? 1_000)
  const figures = await measureExpand(folder, only.length > 0 ? only : CORPORA, relationCount)
  process.stdout.write(`${expandAsMarkdown(figures)}\n${JSON.stringify(figures)}\n`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
