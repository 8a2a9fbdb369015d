import { type PlanSummary, plan as planWorkspace } from '../control/plan/plan.ts'
import type { PlanProgress } from '../control/plan/plan-options.ts'
import { type Job, job } from './job.ts'
import { inWorkspace, type Place } from './place.ts'

export interface PlanRequest extends Place {
  /** Paths of JSONL, CSV, Parquet or SQLite. */
  readonly inputs: readonly string[]
  /** Only at the first plan of a workspace; its default otherwise. */
  readonly shards?: number
  /** Names of the input for ours: `{ text: 'statement' }`. */
  readonly map?: Readonly<Record<string, string>>
  /** Only these domains. */
  readonly domains?: readonly string[]
  /** Facts that these inputs do not hold are removed. */
  readonly replace?: boolean
  /** Any change to a planned fact is refused. */
  readonly frozen?: boolean
}

/** Takes facts in, makes clusters and fills the shard files. What is there already stays. */
export const plan = (request: PlanRequest): Job<PlanProgress, PlanSummary> =>
  job((tell) =>
    inWorkspace(request, 'create', (workspace, config) => {
      const { inputs, shards, map, domains, replace, frozen, signal } = request
      const options = {
        inputs,
        map: map ?? {},
        domains: domains ?? [],
        replace: replace ?? false,
        frozen: frozen ?? false,
        regroupsDropped: false,
        expandFieldCount: null,
        shardCount: shards ?? null,
        onProgress: tell,
        ...(signal === undefined ? {} : { signal }),
      }
      return planWorkspace(workspace, config, options, Date.now())
    }),
  )
