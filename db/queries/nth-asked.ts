import type { Db } from '../open.ts'

/**
 * How many clusters of the frontier come up to and with the n-th that a model is asked about, in key order.
 *
 * @param n at least 1
 * @param isLoneAsked whether a cluster of a lone fact is one of them
 * @returns where there are fewer than n: all, and how many of them are asked about
 */
export function countToNthAsked(
  db: Db,
  n: number,
  isLoneAsked: boolean,
): { clusters: number; asked: number } {
  const rows = db.prepare<[], number>(
    `SELECT c.is_lone FROM frontier f JOIN clusters c USING (cluster_id)
     WHERE f.state = 'todo' ORDER BY f.key, f.cluster_id`,
  )
  const count = { clusters: 0, asked: 0 }
  for (const isLone of rows.pluck().iterate()) {
    count.clusters += 1
    if (isLoneAsked || isLone === 0) count.asked += 1
    if (count.asked === n) break
  }
  return count
}
