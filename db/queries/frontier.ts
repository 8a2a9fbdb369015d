/** What is still to do in a shard, in key order. */
import type { Db } from '../open.ts'

export interface FrontierRow {
  readonly clusterId: string
  readonly key: bigint
  /** Whether anything was asked about it before, in this run or another one. */
  readonly wasAsked: boolean
}

/** Which clusters of the frontier a run asks for. */
export interface FrontierSlice {
  readonly state: 'todo' | 'sweep'
  /** Clusters with a larger key are left alone. */
  readonly throughKey: bigint
  /** Only this domain; all if null. */
  readonly domain: string | null
}

const PAGE = `
  SELECT f.cluster_id AS clusterId, f.key,
    EXISTS (SELECT 1 FROM attempts a WHERE a.cluster_id = f.cluster_id) AS wasAsked
  FROM frontier f JOIN clusters c USING (cluster_id)
  WHERE (f.key, f.cluster_id) > (@key, @clusterId)
    AND f.key <= @throughKey AND f.state = @state AND (@domain IS NULL OR c.domain = @domain)
    -- What is under way in a batch has its turn when the batch is booked.
    AND NOT EXISTS (
      SELECT 1 FROM attempts a
      WHERE a.cluster_id = f.cluster_id AND a.state = 'sent' AND a.batch_intent_id IS NOT NULL
    )
  ORDER BY f.key, f.cluster_id
  LIMIT @limit`

/** Those that wait for the last sweep have had their turn. */
const FIRST_KEYS = `
  SELECT f.key FROM frontier f JOIN clusters c USING (cluster_id)
  WHERE f.state = 'todo' AND (@domain IS NULL OR c.domain = @domain)
  ORDER BY f.key, f.cluster_id LIMIT @limit`

export function frontierQueries(db: Db) {
  const page = db.prepare<object, Omit<FrontierRow, 'wasAsked'> & { wasAsked: bigint }>(PAGE).safeIntegers()
  const counts = db.prepare<[], { todo: number; sweep: number }>(
    `SELECT count(*) FILTER (WHERE state = 'todo') AS todo, count(*) FILTER (WHERE state = 'sweep') AS sweep FROM frontier`,
  )
  const firstKeys = db.prepare<object, { key: bigint }>(FIRST_KEYS).safeIntegers()
  const remove = db.prepare('DELETE FROM frontier WHERE cluster_id = ?')
  const toSweep = db.prepare("UPDATE frontier SET state = 'sweep' WHERE cluster_id = ?")
  const sweepKeys = db
    .prepare<[], { key: bigint }>("SELECT key FROM frontier WHERE state = 'sweep' ORDER BY key")
    .safeIntegers()
  return {
    /** @param after the last row of the page before; undefined for the first page */
    pageAfter: (after: FrontierRow | undefined, slice: FrontierSlice, limit: number): FrontierRow[] =>
      page
        .all({ key: after?.key ?? -(2n ** 63n), clusterId: after?.clusterId ?? '', limit, ...slice })
        .map(({ clusterId, key, wasAsked }) => ({ clusterId, key, wasAsked: wasAsked === 1n })),
    counts: () => counts.get()!,
    firstKeys: (limit: number, domain: string | null): bigint[] =>
      firstKeys.all({ limit, domain }).map((row) => row.key),
    sweepKeys: (): bigint[] => sweepKeys.all().map((row) => row.key),
    remove: (clusterId: string): void => void remove.run(clusterId),
    moveToSweep: (clusterId: string): void => void toSweep.run(clusterId),
  }
}
