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
import { runStage } from './run-stage.ts'
import { type ShardWork, type Surroundings, workOnShard } from './work-on-shard.ts'
import { writeOutcomeLines } from './write-outcome-lines.ts'

/** @throws RffError what openLanes and workOnShard throw */
export async function runShard(job: ShardJob, surroundings: Surroundings): Promise<ShardSummary> {
  return workOnShard(job, surroundings, await structuring(job))
}

async function structuring(job: ShardJob): Promise<ShardWork<Structure>> {
  const { relationTypes } = job.config.structure
  const { promptText } = job
  return {
    task: structureTask({ relationTypes, ...(promptText === null ? {} : { promptText }) }),
    lanes: await openLanes(job.config, job.env, job.limits),
    writeDown: (db, profiler) => writeDownResults(db, job, profiler),
  }
}

/** PassM, and the lines for people: both from the tables, so they can be behind but never wrong. */
function writeDownResults(db: Db, job: ShardJob, profiler: Profiler): void {
  const guard = () => shardMetaQueries(db).expectEpoch(job.epoch)
  profiler.time('PassM', () =>
    runStage(db, passM({ keepDomainsApart: job.config.structure.keepDomainsApart }), guard),
  )
  profiler.time('lines for people', () =>
    writeOutcomeLines(db, { runId: job.runId, shardNo: job.meta.shardNo, dir: job.runDir, guard }),
  )
}
