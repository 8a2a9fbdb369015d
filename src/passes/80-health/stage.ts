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
import { lastRunOf, tallyRun } from '../../../db/queries/field-run-tally.ts'
import type { FieldMetrics, RunHealth } from '../../../schemas/health.ts'
import { degreeTail } from './degree-tail.ts'
import { findComponents } from './find-components.ts'
import { measureRun } from './measure-run.ts'
import { millionthsOf } from './millionths.ts'

/** Below so many attempted clusters a run is too small for a rate, and the gates look at all runs together. */
const MIN_RUN_CLUSTERS = 100

/** How the clusters in these shard files fared: all of them, and those that the last run decided. */
export function measureRuns(shardPaths: readonly string[]): RunHealth {
  const reading = <T>(read: (db: Db) => T): T[] =>
    shardPaths.map((path) => {
      const db = openDb(path, 'shard', { mode: 'read' })
      try {
        return read(db)
      } finally {
        db.close()
      }
    })
  const all = measureRun(reading((db) => tallyRun(db, null)))
  const runIds = reading(lastRunOf).filter((runId) => runId !== null)
  if (runIds.length === 0) return { all, last_run: null, judged: 'all' }
  const run_id = Math.max(...runIds)
  const last_run = { run_id, ...measureRun(reading((db) => tallyRun(db, run_id))) }
  return { all, last_run, judged: last_run.attempted >= MIN_RUN_CLUSTERS ? 'last_run' : 'all' }
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
