import type { MergeStep } from '../control/merge/merge-place.ts'
import { mergeWorkspace } from '../control/merge/merge-workspace.ts'
import type { MergeSummary } from '../control/merge/raise-field.ts'
import { type Job, job } from './job.ts'
import { inWorkspace, type Place } from './place.ts'

export interface MergeRequest extends Place {
  /** Blocking gates that may fail this time. */
  readonly overrideGates?: readonly string[]
  /** Go on without shards that are missing or damaged. */
  readonly allowPartial?: boolean
}

export interface MergeProgress {
  readonly step: MergeStep
  readonly fieldTag: string
}

/** Merges what the shards hold into one field and publishes it, or throws gate_failed and leaves the old one. */
export const merge = (request: MergeRequest): Job<MergeProgress, MergeSummary> =>
  job((tell) =>
    inWorkspace(request, 'use', (workspace, config) => {
      const { overrideGates, allowPartial, signal } = request
      const options = {
        overrideGates: overrideGates ?? [],
        allowPartial: allowPartial ?? false,
        onProgress: (step: MergeStep, fieldTag: string) => tell({ step, fieldTag }),
        ...(signal === undefined ? {} : { signal }),
      }
      return mergeWorkspace(workspace, config, options, Date.now)
    }),
  )
