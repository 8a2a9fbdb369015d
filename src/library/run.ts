import { environment } from '../config/load.ts'
import { readPrompt } from '../config/read-prompt.ts'
import { run as runWorkspace } from '../control/run/run.ts'
import type { RunProgress } from '../control/run/run-options.ts'
import type { RunSummary } from '../control/run/run-summary.ts'
import { capsOf } from './caps.ts'
import { type Job, job } from './job.ts'
import { inWorkspace, type Place } from './place.ts'

export interface RunRequest extends Place {
  /** Numbers of the shards to work on; all if not given. */
  readonly shards?: readonly number[]
  /** At most so many clusters, in hash order. */
  readonly limit?: number
  readonly domain?: string
  /** Of the whole run, for all its processes. */
  readonly maxUsd?: number
  readonly maxTokens?: number
  readonly maxCalls?: number
  /** Ask anew even where an answer is stored. */
  readonly fresh?: boolean
  /** Close the open run and begin another. */
  readonly startNew?: boolean
  /** Variables that hold the providers' keys; those of the process if not given. */
  readonly env?: Readonly<Record<string, string>>
}

/** Puts every cluster that is still to do through its model. Why it stopped early, if it did, is in the summary. */
export const run = (request: RunRequest): Job<RunProgress, RunSummary> =>
  job((tell) =>
    inWorkspace(request, 'use', (workspace, config) => {
      const { shards, limit, domain, fresh, startNew, env, signal } = request
      const options = {
        shardNos: shards ?? null,
        limit: limit ?? null,
        domain: domain ?? null,
        isFresh: fresh ?? false,
        isNew: startNew ?? false,
        caps: capsOf(request),
        promptText: readPrompt(config.structure.promptFile),
        env: env ?? environment(),
        onProgress: tell,
        ...(signal === undefined ? {} : { signal }),
      }
      return runWorkspace(workspace, config, options, Date.now)
    }),
  )
