import type { Db } from '../../db/open.ts'
import type { Cluster } from '../../schemas/cluster.ts'
import type { ModelTask } from '../../schemas/task.ts'
import type { Profiler } from '../profile/profiler.ts'
import type { RunLanes } from './lanes.ts'

/** What is asked about the clusters of a shard, of whom, and what is written down of the results. */
export interface ShardWork<Answer> {
  readonly task: ModelTask<Cluster, Answer>
  readonly lanes: RunLanes
  /**
   * What follows from an accepted answer, in the commit of its outcome. Only for answers of this process, of which a commit
   * holds a hundred and more; those of a model come a few at a time, and what follows from them is left to writeDown.
   */
  deriveAtOnce(db: Db, profiler: Profiler, cluster: Cluster, answer: Answer): void
  /** Now and then: whatever is not written down yet. */
  writeDown(db: Db, profiler: Profiler): void
}
