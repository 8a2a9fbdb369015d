/** What a field is made of, counted. */
import type { Db } from '../open.ts'

export interface FieldTotals {
  readonly concepts: number
  readonly aliases: number
  readonly members: number
  readonly facts: number
  readonly fact_edges: number
  readonly edges: number
  readonly seeds: number
  readonly lone_concepts: number
  readonly vetoed_merges: number
}

const TOTALS = `
  SELECT
    (SELECT count(*) FROM concepts) AS concepts,
    (SELECT count(*) FROM aliases) AS aliases,
    (SELECT count(*) FROM members) AS members,
    (SELECT count(DISTINCT fact_id) FROM members) AS facts,
    (SELECT count(*) FROM fact_edges) AS fact_edges,
    (SELECT count(*) FROM edges) AS edges,
    (SELECT count(DISTINCT cluster_id) FROM raw_concepts) AS seeds,
    (SELECT count(*) FROM concepts WHERE edge_count = 0) AS lone_concepts,
    (SELECT count(*) FROM vetoes) AS vetoed_merges`

export const fieldTotals = (db: Db): FieldTotals => db.prepare<[], FieldTotals>(TOTALS).get()!

export interface RelationCount {
  readonly rel_type: string
  readonly edges: number
}

/** Ascending by type. */
export const countRelationTypes = (db: Db, table: 'fact_edges' | 'edges'): RelationCount[] =>
  db
    .prepare<[], RelationCount>(
      `SELECT rel_type, count(*) AS edges FROM ${table} GROUP BY rel_type ORDER BY rel_type`,
    )
    .all()

export interface LinkCounts {
  readonly scored: number
  readonly kept: number
  readonly flagged: number
  readonly drop_reasons: readonly { readonly reason: string; readonly links: number }[]
  readonly flags: readonly { readonly flag: string; readonly links: number }[]
}

export function countLinks(db: Db): LinkCounts {
  const totals = db
    .prepare<[], Pick<LinkCounts, 'scored' | 'kept' | 'flagged'>>(
      `SELECT count(*) AS scored, coalesce(sum(is_kept), 0) AS kept,
         count(*) FILTER (WHERE is_kept = 1 AND flags <> '[]') AS flagged
       FROM links_scored`,
    )
    .get()!
  const reasons = db.prepare<[], LinkCounts['drop_reasons'][number]>(
    `SELECT reason, count(*) AS links FROM links_scored WHERE is_kept = 0
     GROUP BY reason ORDER BY links DESC, reason`,
  )
  const flags = db.prepare<[], LinkCounts['flags'][number]>(
    `SELECT f.value AS flag, count(*) AS links FROM links_scored l, json_each(l.flags) f WHERE l.is_kept = 1
     GROUP BY f.value ORDER BY links DESC, flag`,
  )
  return { ...totals, drop_reasons: reasons.all(), flags: flags.all() }
}

/** How many concepts have so many edges, ascending. */
export const degreeHistogram = (db: Db): { degree: number; concepts: number }[] =>
  db
    .prepare<[], { degree: number; concepts: number }>(
      'SELECT edge_count AS degree, count(*) AS concepts FROM concepts GROUP BY edge_count ORDER BY edge_count',
    )
    .all()

/** How many concepts are made of so many raw ones, ascending by size, groups of one left out. */
export const aliasGroupHistogram = (db: Db): { size: number; concepts: number }[] =>
  db
    .prepare<[], { size: number; concepts: number }>(
      `SELECT size, count(*) AS concepts
       FROM (SELECT count(*) AS size FROM concept_map GROUP BY concept_id HAVING count(*) > 1)
       GROUP BY size ORDER BY size`,
    )
    .all()

/**
 * The edges as pairs of small numbers, 0 up to the number of concepts, so that a graph of millions fits into arrays.
 *
 * No other statement can run on this connection until all pairs are read.
 */
export function* numberedEdges(db: Db): Generator<readonly [number, number]> {
  db.exec(`
    DROP TABLE IF EXISTS temp.numbered;
    CREATE TEMP TABLE numbered (concept_id TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO temp.numbered
    SELECT concept_id, row_number() OVER (ORDER BY concept_id) - 1 FROM concepts ORDER BY concept_id`)
  yield* db
    .prepare<[], [number, number]>(
      `SELECT a.n, b.n FROM edges e
       JOIN temp.numbered a ON a.concept_id = e.src_concept_id
       JOIN temp.numbered b ON b.concept_id = e.dst_concept_id`,
    )
    .raw()
    .iterate()
  db.exec('DROP TABLE temp.numbered')
}
