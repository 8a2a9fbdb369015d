/**
 * PassX: facts to clusters. A pass over the whole corpus at once, so neither kind of stage fits: `control/expand`
 * reads the facts, has threads search, and writes all clusters in one transaction.
 */
import type { Db } from '../../../db/open.ts'
import { clusterQueries } from '../../../db/queries/clusters.ts'
import { coverageQueries } from '../../../db/queries/coverage.ts'

export const passX = {
  name: 'pass-x',
  /** Raise it when the same facts may give other clusters. */
  version: 1,
  /** Facts a page of a reading. */
  pageFacts: 2_000,
  /** Facts a task of a thread: about a quarter of a second. */
  searchFacts: 2_000,
  read: (db: Db) => coverageQueries(db),
  write: (db: Db) => clusterQueries(db),
} as const
