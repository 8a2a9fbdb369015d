/**
 * Asks the structure task about the clusters of one shard's frontier, and writes down what comes of it: PassM's deltas,
 * and the lines for people.
 */
import type { Db } from '../../db/open.ts'
import { shardMetaQueries } from '../../db/queries/shard-meta.ts'
import type { Structure } from '../../schemas/structure.ts'
import type { ShardJob, ShardSummary } from '../../workers/protocol.ts'
import { structureTask } from '../passes/30-c-structure/task.ts'
import { passM } from '../passes/40-m-materialise/stage.ts'
import type { Profiler } from '../profile/profiler.ts'
import { openLanes } from './lanes.ts'
import { runRecords, runStage } from './run-stage.ts'
import type { ShardWork } from './shard-work.ts'
import { type Surroundings, workOnShard } from './work-on-shard.ts'
import { writeOutcomeLines } from './write-outcome-lines.ts'

/** @throws RffError what openLanes and workOnShard throw */
export async function runShard(job: ShardJob, surroundings: Surroundings): Promise<ShardSummary> {
  return workOnShard(job, surroundings, await structuring(job))
}

async function structuring(job: ShardJob): Promise<ShardWork<Structure>> {
  const { relationTypes, keepDomainsApart } = job.config.structure
  const { promptText } = job
  const stage = passM({ keepDomainsApart })
  return {
    task: structureTask({ relationTypes, ...(promptText === null ? {} : { promptText }) }),
    lanes: await openLanes(job.config, job.env, job.limits),
    deriveAtOnce: (db, profiler, cluster, structure) =>
      profiler.time('PassM', () => runRecords(db, stage, [{ cluster, structure, keepDomainsApart }])),
    writeDown: (db, profiler) => writeDownResults(db, job, stage, profiler),
  }
}

/** PassM, and the lines for people: both from the tables, so they can be behind but never wrong. */
function writeDownResults(db: Db, job: ShardJob, stage: ReturnType<typeof passM>, profiler: Profiler): void {
  const guard = () => shardMetaQueries(db).expectEpoch(job.epoch)
  profiler.time('PassM', () => runStage(db, stage, guard))
  profiler.time('lines for people', () =>
    writeOutcomeLines(db, { runId: job.runId, shardNo: job.meta.shardNo, dir: job.runDir, guard }),
  )
}
