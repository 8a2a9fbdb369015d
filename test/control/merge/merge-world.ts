/** A small workspace with real files, and shards that hold what a test says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, openDb } from '../../../db/open.ts'
import { deltaQueries } from '../../../db/queries/deltas.ts'
import { conceptIdOf } from '../../../schemas/ids.ts'
import type { MemberRole } from '../../../schemas/structure.ts'
import { bindPass, type FieldPasses } from '../../../src/control/merge/field-pass.ts'
import type { MergeOptions, MergePlace, MergeSettings } from '../../../src/control/merge/merge-place.ts'
import { normaliseName } from '../../../src/language/normalise-name.ts'
import type { SetStage } from '../../../src/passes/stage.ts'
import { firstClusterIdOf } from '../../support/cluster-id.ts'

/** What one cluster says, or where it stands without saying anything. */
export interface Said {
  readonly seed: string
  readonly name: string
  readonly gloss?: string
  readonly aliases?: readonly string[]
  /** Facts with their roles; the seed is one of them. */
  readonly members?: Readonly<Record<string, MemberRole>>
  /** Source, relation type, target. */
  readonly edges?: readonly (readonly [string, string, string])[]
  /** Relation type and name of the target. */
  readonly links?: readonly (readonly [string, string])[]
  readonly standing?: 'ok' | 'salvaged' | 'quarantined' | 'todo' | 'unmaterialised'
  readonly isLone?: boolean
  readonly runId?: number
}

export interface FactRow {
  readonly factId: string
  readonly dupGroupId?: string
  readonly text?: string
  readonly state?: 'live' | 'removed'
}

export interface MergeWorld {
  readonly dir: string
  readonly place: MergePlace
  /** Writes a shard file anew. */
  shard(shardNo: number, said: readonly Said[], retired?: Readonly<Record<string, string>>): void
  /** Adds live facts to the corpus. */
  facts(rows: readonly FactRow[]): void
  withShards(shardNos: readonly number[]): MergePlace
  remove(): void
}

export function makeWorld(): MergeWorld {
  const dir = mkdtempSync(join(tmpdir(), 'rff-merge-'))
  const control = openDb(join(dir, 'control.sqlite'), 'control', { mode: 'create' })
  const corpusPath = join(dir, 'corpus.sqlite')
  openDb(corpusPath, 'corpus', { mode: 'create' }).close()
  const fieldDir = join(dir, 'field')
  const shardNos = new Set<number>()
  const pathOf = (shardNo: number): string => join(dir, `${shardNo}.sqlite`)
  const withShards = (chosen: readonly number[]): MergePlace => ({
    control,
    corpusPath,
    fieldDir,
    currentDir: join(fieldDir, '_current'),
    shardFiles: chosen.map((shardNo) => ({ shardNo, path: pathOf(shardNo) })),
  })
  return {
    dir,
    get place() {
      return withShards([...shardNos])
    },
    withShards,
    shard(shardNo, said, retired = {}) {
      shardNos.add(shardNo)
      writeShard(pathOf(shardNo), said, retired)
    },
    facts(rows) {
      const corpus = openDb(corpusPath, 'corpus', { mode: 'write' })
      writeFacts(corpus, rows)
      corpus.close()
    },
    remove() {
      control.close()
      rmSync(dir, { recursive: true })
    },
  }
}

function writeFacts(corpus: Db, rows: readonly FactRow[]): void {
  corpus.exec("INSERT OR IGNORE INTO inputs (input_no, plan_no, path, format) VALUES (1, 1, 'test', 'jsonl')")
  const insert = corpus.prepare(
    `INSERT INTO facts (fact_id, key, dup_group_id, domain, text, source, state, input_no, byte_offset, line_number)
     VALUES (@factId, 0, @dupGroupId, '', @text, '', @state, 1, 0, 1)`,
  )
  for (const row of rows) insert.run({ dupGroupId: row.factId, text: row.factId, state: 'live', ...row })
}

function writeShard(path: string, said: readonly Said[], retired: Readonly<Record<string, string>>): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  const db = openDb(path, 'shard', { mode: 'create' })
  db.transaction(() => {
    said.forEach((cluster, i) => {
      writeCluster(db, cluster, i)
    })
    const retire = db.prepare('INSERT INTO retired (cluster_id, reason) VALUES (?, ?)')
    for (const [seed, reason] of Object.entries(retired)) retire.run(firstClusterIdOf(seed), reason)
  })()
  db.close()
}

function writeCluster(db: Db, said: Said, i: number): void {
  const { seed, standing = 'ok', isLone = false, runId = 1, members = { [seed]: 'definition' } } = said
  const clusterId = firstClusterIdOf(seed)
  const attemptId = i + 1
  db.prepare(
    `INSERT INTO clusters (cluster_id, seed_fact_id, round, key, domain, member_count, is_lone)
     VALUES (?, ?, 0, ?, '', ?, ?)`,
  ).run(clusterId, seed, i, Object.keys(members).length, isLone ? 1 : 0)
  if (standing === 'todo') {
    db.prepare('INSERT INTO frontier (seed_fact_id, cluster_id, key) VALUES (?, ?, ?)').run(
      seed,
      clusterId,
      i,
    )
    return
  }
  db.prepare(
    `INSERT INTO attempts (attempt_id, cluster_id, run_id, task, lane, provider, model, request_key, prompt_digest,
       schema_digest, state, finish_reason, error_codes, verdict, task_version, micro_usd, latency_ms, sent_at_ms)
     VALUES (?, ?, ?, 'structure', 'primary', ?, 'm', ?, '', '', 'settled', 'stop', ?, ?, 1, 1000, ?, 0)`,
  ).run(
    attemptId,
    clusterId,
    runId,
    isLone ? 'rules' : 'openai',
    clusterId,
    standing === 'quarantined' ? '["json_invalid"]' : '[]',
    standing === 'quarantined' ? 'bad' : 'ok',
    100 + i,
  )
  db.prepare(
    `INSERT INTO done (seed_fact_id, cluster_id, outcome, attempt_id, run_id, done_seq) VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(seed, clusterId, standing === 'quarantined' ? 'quarantined' : 'ok', attemptId, runId, i + 1)
  if (standing === 'quarantined') return
  db.prepare(
    `INSERT INTO structures (cluster_id, attempt_id, structure, salvaged, task_version, materialised_version)
     VALUES (?, ?, '{}', ?, 1, ?)`,
  ).run(
    clusterId,
    attemptId,
    standing === 'salvaged' ? '["member_unaccounted"]' : '[]',
    standing === 'unmaterialised' ? null : 1,
  )
  if (standing !== 'unmaterialised') writeDeltas(db, clusterId, said, members)
}

function writeDeltas(
  db: Db,
  clusterId: string,
  said: Said,
  members: Readonly<Record<string, MemberRole>>,
): void {
  const conceptId = conceptIdOf(normaliseName(said.name), '')
  deltaQueries(db).replace({
    concept: {
      clusterId,
      conceptId,
      name: said.name,
      normalisedName: normaliseName(said.name),
      gloss: said.gloss ?? '',
      aliases: said.aliases ?? [],
      domain: '',
      canonicalFactId: said.seed,
    },
    members: Object.entries(members).map(([factId, role]) => ({
      clusterId,
      conceptId,
      factId,
      dupGroupId: factId,
      role,
    })),
    edges: (said.edges ?? []).map(([srcFactId, relType, dstFactId]) => ({
      clusterId,
      conceptId,
      srcFactId,
      dstFactId,
      relType,
      supportFactIds: [srcFactId, dstFactId].sort(),
    })),
    links: (said.links ?? []).map(([relType, targetName]) => ({
      clusterId,
      conceptId,
      targetName,
      targetNormalisedName: normaliseName(targetName),
      relType,
      supportFactIds: [said.seed],
    })),
  })
}

/** Concepts meet where an alias of one is the name of another; the smaller id is canonical. */
const meetByAlias: SetStage<null, void> = {
  name: 'meet-by-alias',
  version: 1,
  apply: (db) =>
    void db.exec(`
      DELETE FROM concept_map;
      INSERT INTO concept_map (raw_concept_id, concept_id, reason, via)
      SELECT r.concept_id, min(r.concept_id, coalesce(min(o.concept_id), r.concept_id)),
        iif(min(o.concept_id) < r.concept_id, 'alias', 'self'), ''
      FROM raw_concepts r
      LEFT JOIN raw_concepts o ON o.concept_id <> r.concept_id AND (
        EXISTS (SELECT 1 FROM json_each(o.aliases) WHERE lower(value) = r.normalised_name)
        OR EXISTS (SELECT 1 FROM json_each(r.aliases) WHERE lower(value) = o.normalised_name))
      GROUP BY r.concept_id`),
}

/** A link that names a concept is a candidate. */
const linkByName: SetStage<null, void> = {
  name: 'link-by-name',
  version: 1,
  apply: (db) =>
    void db.exec(`
      DELETE FROM links_raw;
      INSERT OR IGNORE INTO links_raw
        (src_concept_id, dst_concept_id, rel_type, evidence, fact_id, cluster_id, detail)
      SELECT s.concept_id, d.concept_id, l.rel_type, 'named', f.value, l.cluster_id, l.target_name
      FROM raw_links l
      JOIN concept_map s ON s.raw_concept_id = l.concept_id
      JOIN (SELECT DISTINCT concept_id, normalised_name FROM raw_concepts) n
        ON n.normalised_name = l.target_normalised_name
      JOIN concept_map d ON d.raw_concept_id = n.concept_id, json_each(l.support_fact_ids) f
      WHERE s.concept_id <> d.concept_id`),
}

/** Drops links of the given type, so that a test can move the keep rate. */
const scoreByType: SetStage<{ dropped: string }, void> = {
  name: 'score-by-type',
  version: 1,
  apply: (db, { dropped }) =>
    void db
      .prepare(
        `INSERT OR REPLACE INTO links_scored
           (src_concept_id, dst_concept_id, rel_type, score_millionths, parts, is_kept, reason, flags)
         SELECT src_concept_id, dst_concept_id, rel_type, 500000, '{}', rel_type <> @dropped,
           iif(rel_type = @dropped, 'type', ''), '[]'
         FROM links_raw GROUP BY 1, 2, 3`,
      )
      .run({ dropped }),
}

const passesOf = (dropped: string): FieldPasses => ({
  normalise: bindPass(meetByAlias, null),
  link: bindPass(linkByName, null),
  score: bindPass(scoreByType, { dropped }),
})

export const settingsOf = ({
  dropped = '',
  gates = {},
}: {
  dropped?: string
  gates?: MergeSettings['gates']
} = {}): MergeSettings => ({ passes: passesOf(dropped), gates, programVersion: '0.0.0' })

let seconds = 0

/** Every call has a later clock, so each field has its own second. */
export const optionsOf = (options: Partial<MergeOptions> = {}): MergeOptions => ({
  overrideGates: [],
  allowPartial: false,
  now: new Date(Date.UTC(2026, 0, 1) + 1_000 * seconds++),
  ...options,
})
