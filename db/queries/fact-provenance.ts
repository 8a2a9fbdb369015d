/** Where a fact came from and what the plans made of it. Of the corpus file. */
import type { CoverageRole, Standing } from '../../schemas/states.ts'
import type { Db } from '../open.ts'
import { inGroup } from './in-group.ts'

export interface FactOrigin {
  readonly factId: string
  readonly dupGroupId: string
  readonly domain: string
  readonly text: string
  readonly source: string
  readonly state: 'live' | 'removed'
  /** Decimal: a 64-bit integer does not fit a JSON number. */
  readonly key: string
  /** The input that it was read from last. */
  readonly input: string
  readonly byteOffset: number
  readonly lineNumber: number
  /** null where no plan has covered it. */
  readonly role: CoverageRole | null
  /** Of a seed or member. */
  readonly clusterId: string | null
  /** Of a duplicate: the fact that speaks for it. */
  readonly representativeFactId: string | null
}

export interface GroupFact {
  readonly factId: string
  readonly text: string
  readonly state: 'live' | 'removed'
  readonly role: CoverageRole | null
}

export interface ClusterPlace {
  readonly clusterId: string
  readonly i: number
  readonly standing: Standing
  readonly seedFactId: string
  readonly seedKey: bigint
}

const FACT = `
  SELECT f.fact_id AS factId, f.dup_group_id AS dupGroupId, f.domain, f.text, f.source, f.state,
    CAST(f.key AS TEXT) AS key, i.path AS input, f.byte_offset AS byteOffset, f.line_number AS lineNumber,
    c.role, c.cluster_id AS clusterId, r.fact_id AS representativeFactId
  FROM facts f JOIN inputs i USING (input_no)
  LEFT JOIN coverage c ON c.fact_no = f.fact_no
  LEFT JOIN facts r ON r.fact_no = c.representative_fact_no
  WHERE f.fact_id = ?`

const GROUP = `
  SELECT f.fact_id AS factId, f.text, f.state, c.role
  FROM facts f LEFT JOIN coverage c USING (fact_no)
  WHERE ${inGroup('f', '@dupGroupId')} AND f.fact_id <> @factId ORDER BY f.fact_id`

const CLUSTERS = `
  SELECT m.cluster_id AS clusterId, m.i, m.standing, s.fact_id AS seedFactId, s.key AS seedKey
  FROM facts f JOIN cluster_facts m USING (fact_no)
  JOIN clusters c USING (cluster_id) JOIN facts s ON s.fact_no = c.seed_fact_no
  WHERE f.fact_id = ? ORDER BY m.standing = 'context', m.cluster_id`

const SEED_KEY = `
  SELECT s.key FROM clusters c JOIN facts s ON s.fact_no = c.seed_fact_no WHERE c.cluster_id = @clusterId
  UNION ALL SELECT seed_key FROM retired WHERE cluster_id = @clusterId LIMIT 1`

/** The ids that stand before and behind a text in the order of ids. */
const NEIGHBOURS = `
  SELECT factId FROM (
    SELECT * FROM (SELECT fact_id AS factId FROM facts WHERE fact_id < @text ORDER BY fact_id DESC LIMIT @limit)
    UNION ALL
    SELECT * FROM (SELECT fact_id AS factId FROM facts WHERE fact_id >= @text ORDER BY fact_id LIMIT @limit)
  ) ORDER BY factId`

export function factProvenance(db: Db) {
  const fact = db.prepare<[string], FactOrigin>(FACT)
  const group = db.prepare<object, GroupFact>(GROUP)
  const clusters = db.prepare<[string], Omit<ClusterPlace, 'i'> & { i: bigint }>(CLUSTERS).safeIntegers()
  const seedKey = db.prepare<object, bigint>(SEED_KEY).pluck().safeIntegers()
  const retired = db.prepare<[string], { planNo: number; reason: string }>(
    'SELECT plan_no AS planNo, reason FROM retired WHERE cluster_id = ?',
  )
  const neighbours = db.prepare<object, string>(NEIGHBOURS).pluck()
  return {
    fact: (factId: string): FactOrigin | undefined => fact.get(factId),
    /** The other facts that say the same, removed ones included. */
    group: ({ factId, dupGroupId }: FactOrigin): GroupFact[] => group.all({ factId, dupGroupId }),
    /** Every cluster that shows the fact, those that only show it as context last. */
    clusters: (factId: string): ClusterPlace[] =>
      clusters.all(factId).map((row) => ({ ...row, i: Number(row.i) })),
    /** The key by which a shard holds a cluster, also one that was taken back. */
    seedKey: (clusterId: string): bigint | undefined => seedKey.get({ clusterId }),
    retired: (clusterId: string) => retired.get(clusterId),
    /** Ids next to a text that is none, for guessing what was meant. */
    neighbours: (text: string, limit: number): string[] => neighbours.all({ text, limit }),
  }
}
