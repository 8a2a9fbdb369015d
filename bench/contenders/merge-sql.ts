/**
 * The plain way to merge: one SQL statement a table over the attached shards, in one thread, with an index at the end.
 *
 * No aliases meet, nothing is linked, nothing is dumped for a digest, nothing is judged or published.
 */
import Database from 'better-sqlite3'

interface Input {
  readonly fieldPath: string
  readonly shardPaths: readonly string[]
}

/** What unites the rows of a delta table, which go by the name of `rows`. */
export const UNIONS: readonly { readonly table: string; readonly from: string; readonly select: string }[] = [
  {
    table: 'concepts',
    from: 'delta_concepts',
    select: `SELECT concept_id, min(name) AS name, max(gloss) AS gloss, min(domain) AS domain,
      count(DISTINCT cluster_id) AS support_count FROM rows GROUP BY concept_id ORDER BY concept_id`,
  },
  {
    table: 'members',
    from: 'delta_members',
    select: `SELECT concept_id, fact_id, min(dup_group_id) AS dup_group_id, min(role) AS role,
      count(DISTINCT cluster_id) AS support_count FROM rows GROUP BY concept_id, fact_id ORDER BY concept_id, fact_id`,
  },
  {
    table: 'fact_edges',
    from: 'delta_edges',
    select: `SELECT src_fact_id, dst_fact_id, rel_type, count(DISTINCT cluster_id) AS support_count
      FROM rows GROUP BY src_fact_id, dst_fact_id, rel_type ORDER BY src_fact_id, dst_fact_id, rel_type`,
  },
]

/** @returns rows written */
export async function contend({ fieldPath, shardPaths }: Input): Promise<number> {
  const db = new Database(fieldPath)
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -65536')
  for (const [at, path] of shardPaths.entries()) db.prepare(`ATTACH ? AS s${at}`).run(path)
  for (const { table, from, select } of UNIONS) {
    const rows = shardPaths.map((_, at) => `SELECT * FROM s${at}.${from}`).join(' UNION ALL ')
    db.exec(`CREATE TABLE main.${table} AS WITH rows AS (${rows}) ${select}`)
  }
  db.exec('CREATE UNIQUE INDEX concepts_by_id ON concepts (concept_id)')
  db.exec('CREATE INDEX members_by_fact ON members (fact_id)')
  const counts = UNIONS.map(({ table }) =>
    db.prepare<[], number>(`SELECT count(*) FROM main.${table}`).pluck().get(),
  )
  db.close()
  return counts.reduce<number>((sum, count) => sum + count!, 0)
}
