/** Health: what the runs and the field look like, read from their tables. Nothing is written. */
import { type Db, openDb } from '../../../db/open.ts'
import {
  aliasGroupHistogram,
  countLinks,
  countRelationTypes,
  degreeHistogram,
  fieldTotals,
  numberedEdges,
} from '../../../db/queries/field-metrics.ts'
import { isOnlyRun, lastRunOf, tallyRun } from '../../../db/queries/field-run-tally.ts'
import type { FieldMetrics, RunHealth, RunTally } from '../../../schemas/health.ts'
import { degreeTail } from './degree-tail.ts'
import { findComponents } from './find-components.ts'
import { measureRun } from './measure-run.ts'
import { millionthsOf } from './millionths.ts'

/** Below so many attempted clusters a run is too small for a rate, and the gates look at all runs together. */
const MIN_RUN_CLUSTERS = 100

/** How the clusters of one shard fared; plain data, so that a thread can read it. */
export interface ShardTally {
  readonly path: string
  readonly all: RunTally
  /** The last run that decided one of its clusters; null before the first. */
  readonly lastRun: { readonly runId: number; readonly tally: RunTally } | null
}

/**
 * Reads one snapshot, and the file once where one run decided all.
 *
 * @param watch sees the connection before anything is asked of it
 */
export const tallyShard = (path: string, watch: (db: Db) => void = () => undefined): ShardTally =>
  reading(path, (db) => {
    watch(db)
    const all = tallyRun(db, null)
    const runId = lastRunOf(db)
    if (runId === null) return { path, all, lastRun: null }
    return { path, all, lastRun: { runId, tally: isOnlyRun(db, runId) ? all : tallyRun(db, runId) } }
  })

/** How the clusters of all shards fared: all of them, and those that the last run decided. */
export function measureRuns(tallies: readonly ShardTally[]): RunHealth {
  const all = measureRun(tallies.map((shard) => shard.all))
  const runIds = tallies.flatMap(({ lastRun }) => (lastRun === null ? [] : [lastRun.runId]))
  if (runIds.length === 0) return { all, last_run: null, judged: 'all' }
  const run_id = Math.max(...runIds)
  // In a shard where it decided nothing it may have asked all the same.
  const ofLastRun = tallies.map(({ path, lastRun }) =>
    lastRun?.runId === run_id ? lastRun.tally : reading(path, (db) => tallyRun(db, run_id)),
  )
  const last_run = { run_id, ...measureRun(ofLastRun) }
  return { all, last_run, judged: last_run.attempted >= MIN_RUN_CLUSTERS ? 'last_run' : 'all' }
}

function reading<T>(path: string, read: (db: Db) => T): T {
  const db = openDb(path, 'shard', { mode: 'read' })
  try {
    return db.transaction(() => read(db))()
  } finally {
    db.close()
  }
}

export function measureField(db: Db): FieldMetrics {
  const totals = fieldTotals(db)
  const links = countLinks(db)
  const components = findComponents(totals.concepts, numberedEdges(db))
  return {
    ...totals,
    fact_relation_types: countRelationTypes(db, 'fact_edges'),
    edge_relation_types: countRelationTypes(db, 'edges'),
    links: {
      ...links,
      drop_reasons: [...links.drop_reasons],
      flags: [...links.flags],
      keep_rate_millionths: millionthsOf(links.kept, links.scored),
      flagged_rate_millionths: millionthsOf(links.flagged, links.kept),
    },
    largest_component: components.largest,
    components: components.count,
    degree_tail: degreeTail(degreeHistogram(db)),
    alias_groups: aliasGroupHistogram(db),
  }
}
