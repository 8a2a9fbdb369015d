/** The clusters that PassX makes, and what it says of itself. Of the corpus file. */
import type { Standing } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

/** The plan that makes a cluster again replaces it; the shard writer sees by the plan number that it did. */
const PUT_CLUSTER = `
  INSERT INTO clusters (cluster_id, seed_fact_no, round, plan_no) VALUES (@clusterId, @seedFactNo, @round, @planNo)
  ON CONFLICT (cluster_id) DO UPDATE SET plan_no = excluded.plan_no`

/** The last expansion's summary, so that a plan that was killed after it can still tell. */
const SUMMARY_KEY = 'expansion'

const FACT_INDEX = 'cluster_facts_by_fact'

export interface PlannedRow {
  readonly factNo: number
  readonly standing: Standing
}

export function clusterQueries(db: Db) {
  const seed = db
    .prepare<[number], { factId: string; key: bigint }>(
      'SELECT fact_id AS factId, key FROM facts WHERE fact_no = ?',
    )
    .safeIntegers()
  const putCluster = db.prepare(PUT_CLUSTER)
  const clear = db.prepare('DELETE FROM cluster_facts WHERE cluster_id = ?')
  const putFact = db.prepare(
    'INSERT INTO cluster_facts (cluster_id, i, fact_no, standing) VALUES (?, ?, ?, ?)',
  )
  const putSummary = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const summary = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?')
  return {
    seedAt: (factNo: number): { readonly factId: string; readonly key: bigint } => seed.get(factNo)!,
    /** @param rows in the order of their i; the first is the seed */
    put(clusterId: string, round: number, planNo: number, rows: readonly PlannedRow[]): void {
      putCluster.run({ clusterId, seedFactNo: rows[0]!.factNo, round, planNo })
      clear.run(clusterId)
      for (let i = 0; i < rows.length; i++) putFact.run(clusterId, i, rows[i]!.factNo, rows[i]!.standing)
    },
    /**
     * Where no cluster stands yet, the index by facts is built once over all of them: row by row it would touch a
     * random page for each. Elsewhere it is kept up.
     *
     * @returns call it when all clusters are put, in the same transaction
     */
    deferFactIndex(): () => void {
      if (db.prepare('SELECT 1 FROM clusters LIMIT 1').get() !== undefined) return () => undefined
      const definition = db
        .prepare<[string], string>("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?")
        .pluck()
        .get(FACT_INDEX)!
      db.exec(`DROP INDEX ${FACT_INDEX}`)
      return () => void db.exec(definition)
    },
    saveSummary: (json: string): void => void putSummary.run(SUMMARY_KEY, json),
    savedSummary: (): string | undefined => summary.get(SUMMARY_KEY)?.value,
  }
}
