/**
 * A workspace that was planned and run, as a merge meets it: shard files with delta rows, written directly.
 *
 * About eight members, four edges between facts and one named link a cluster; every fifth concept is found by two
 * clusters, every fiftieth bears the plural of its neighbour's name, and each text names its own concept and another
 * one, so that every pass of a merge has its work.
 */
import { type Db, openDb } from '../../db/open.ts'
import { deferFactIndexes, restoreFactIndexes } from '../../db/queries/deferred-indexes.ts'
import { deltaQueries } from '../../db/queries/deltas.ts'
import { factQueries } from '../../db/queries/facts.ts'
import { inputQueries } from '../../db/queries/inputs.ts'
import { planQueries } from '../../db/queries/plans.ts'
import { shardQueries } from '../../db/queries/shards.ts'
import type { Cluster, ClusterMember } from '../../schemas/cluster.ts'
import { clusterIdOf } from '../../schemas/ids.ts'
import type { Structure } from '../../schemas/structure.ts'
import { type HashKey, loadHashKey } from '../../shards/hash-key.ts'
import { cutKeySpace, type KeyRange, rangeOf } from '../../shards/hash-range.ts'
import { createShard, seal } from '../../shards/lifecycle.ts'
import { openWorkspace } from '../../src/control/workspace.ts'
import { materialise } from '../../src/passes/40-m-materialise/materialise.ts'
import { madeUpWord } from './made-up-word.ts'
import { mixed } from './random.ts'

const CONCEPTS_PER_COMMIT = 5_000
const NOUNS = 5_000

export interface WrittenDeltas {
  readonly shardPaths: readonly string[]
  readonly concepts: number
  /** Of all delta tables together. */
  readonly rows: number
}

export async function writeDeltas(
  workspaceDir: string,
  conceptCount: number,
  shardCount: number,
): Promise<WrittenDeltas> {
  const workspace = openWorkspace(workspaceDir, 'create')
  const ranges = cutKeySpace(shardCount)
  for (const [shardNo, { first, last }] of ranges.entries())
    shardQueries(workspace.control).insert({ shardNo, keyFirst: first, keyLast: last })
  const plans = planQueries(workspace.control)
  const planNo = plans.begin({ digest: 'generated', settings: '{}', nowMs: 0 })
  const lineage = plans.lineage(() => 'generated')
  const corpus = openDb(workspace.corpusPath, 'corpus', { mode: 'create' })
  inputQueries(corpus).insert({ planNo, path: 'generated.jsonl', format: 'jsonl' })
  const shardPaths = ranges.map((_, shardNo) => workspace.shardPath(shardNo))
  const shards = ranges.map(({ first, last }, shardNo) =>
    createShard(shardPaths[shardNo]!, { lineage, shardNo, keyFirst: first, keyLast: last }),
  )
  const rows = fill(corpus, shards, ranges, conceptCount, await loadHashKey())
  for (const shard of shards) seal(shard)
  corpus.close()
  plans.advance(planNo, 'done', null)
  workspace.close()
  return { shardPaths, concepts: conceptCount, rows }
}

function fill(
  corpus: Db,
  shards: readonly Db[],
  ranges: readonly KeyRange[],
  conceptCount: number,
  keyOf: HashKey,
): number {
  deferFactIndexes(corpus)
  const facts = factQueries(corpus)
  const writers = shards.map(clusterWriter)
  const files = [corpus, ...shards]
  let rows = 0
  let line = 0
  for (const file of files) file.exec('BEGIN')
  for (let number = 0; number < conceptCount; number++) {
    for (const { cluster, structure } of clustersOf(number, keyOf)) {
      for (const { factId, dupGroupId, domain, text } of cluster.members) {
        const fact = { factId, dupGroupId, domain, text, source: 'made up' }
        facts.insert(fact, keyOf(factId), { inputNo: 1, byteOffset: line, lineNumber: ++line })
      }
      const key = keyOf(cluster.seedFactId)
      rows += writers[rangeOf(ranges, key)]!(cluster, structure, key)
    }
    if (number % CONCEPTS_PER_COMMIT === 0) for (const file of files) file.exec('COMMIT; BEGIN')
  }
  for (const file of files) file.exec('COMMIT')
  restoreFactIndexes(corpus)
  return rows
}

/** @returns what writes one cluster that is done and materialised, and says how many delta rows it has */
function clusterWriter(db: Db): (cluster: Cluster, structure: Structure, key: bigint) => number {
  const deltas = deltaQueries(db)
  const insert = db.prepare(
    `INSERT INTO clusters (cluster_id, seed_fact_id, round, key, domain, member_count, is_lone)
     VALUES (@clusterId, @seedFactId, 0, @key, @domain, @memberCount, 0)`,
  )
  const finish = db.prepare(
    `INSERT INTO done (cluster_id, seed_fact_id, outcome, run_id, done_seq)
     VALUES (@clusterId, @seedFactId, 'ok', 1, @doneSeq)`,
  )
  const structured = db.prepare(
    `INSERT INTO structures (cluster_id, structure, salvaged, task_version, materialised_version)
     VALUES (@clusterId, '{}', '[]', 1, 1)`,
  )
  let doneSeq = 0
  return (cluster, structure, key) => {
    const { clusterId, seedFactId, domain, members } = cluster
    insert.run({ clusterId, seedFactId, key, domain, memberCount: members.length })
    finish.run({ clusterId, seedFactId, doneSeq: ++doneSeq })
    structured.run({ clusterId })
    const made = materialise({ cluster, structure, keepDomainsApart: false })
    if (!made.ok) throw new Error(made.failure.message)
    deltas.replace(made.value)
    const { edges, links } = made.value
    return 1 + made.value.members.length + edges.length + links.length
  }
}

interface StructuredCluster {
  readonly cluster: Cluster
  readonly structure: Structure
}

function clustersOf(number: number, keyOf: HashKey): StructuredCluster[] {
  const one = structuredCluster(number, 0, keyOf)
  return number % 5 === 0 ? [one, structuredCluster(number, 1, keyOf)] : [one]
}

const nameOf = (number: number): string =>
  number % 50 === 49
    ? `${nameOf(number - 1)}s`
    : `${madeUpWord(mixed(number, 11))} ${madeUpWord(mixed(number, 12) % NOUNS)}`

function structuredCluster(number: number, which: number, keyOf: HashKey): StructuredCluster {
  const memberCount = 6 + (mixed(number, which) % 4)
  const name = nameOf(number)
  const other = nameOf(mixed(number, 100 + which) % (number + 1))
  const domain = `area-${number % 40}`
  const seedFactId = `made:${number}:${which}:0`
  const members: ClusterMember[] = Array.from({ length: memberCount }, (_, i) => ({
    i,
    standing: i === 0 ? 'seed' : 'member',
    factId: `made:${number}:${which}:${i}`,
    dupGroupId: `made:${number}:${which}:${i}`,
    domain,
    text: textOf(i, name, other, number),
  }))
  const relations = Array.from({ length: memberCount >> 1 }, (_, at) => ({
    src_i: at + 1,
    dst_i: 0,
    rel_type: at % 2 === 0 ? 'refines' : 'supports',
    support_i_list: [0, at + 1],
  }))
  return {
    cluster: {
      clusterId: clusterIdOf(seedFactId, 0, keyOf(seedFactId)),
      seedFactId,
      round: 0,
      domain,
      isLone: false,
      members,
    },
    structure: {
      concept: {
        name,
        gloss: `a ${other} with ${memberCount} sides`,
        aliases: [`${name} proper`],
        canonical_i: 0,
      },
      members: members.map(({ i }) => ({ i, role: i === 0 ? 'definition' : 'property' })),
      dropped: [],
      relations,
      links: [{ name: other, rel_type: 'depends_on', support_i_list: [0] }],
    },
  }
}

function textOf(i: number, name: string, other: string, number: number): string {
  const word = madeUpWord(mixed(number, 20 + i) % 50_000)
  return i === 0
    ? `A ${name} is a ${other} of the ${word}.`
    : `The ${name} has a ${word} that the ${i}th one has not.`
}
