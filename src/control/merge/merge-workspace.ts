import type { Config } from '../../../schemas/config.ts'
import { programVersion } from '../../version.ts'
import { withLease } from '../with-lease.ts'
import type { Workspace } from '../workspace.ts'
import { mergeField } from './merge.ts'
import type { MergeOptions } from './merge-place.ts'
import { mergePlaceOf } from './merge-place-of.ts'
import { mergeSettingsOf } from './merge-settings.ts'
import type { MergeSummary } from './raise-field.ts'

/**
 * Merges what the shards of a workspace hold, as the only merge at this time.
 *
 * @throws RffError lock_held with the holder; lease_lost before anything is published; whatever mergeField throws
 */
export function mergeWorkspace(
  workspace: Workspace,
  config: Config,
  options: Omit<MergeOptions, 'now'>,
  nowMs: () => number,
): Promise<MergeSummary> {
  const { leaseMs } = config.run
  return withLease(workspace.control, 'merge', { leaseMs, nowMs, signal: options.signal }, (lease) =>
    mergeField(mergePlaceOf(workspace), mergeSettingsOf(config, programVersion()), {
      ...options,
      now: new Date(nowMs()),
      onProgress(step, fieldTag) {
        lease.expectHeld()
        options.onProgress?.(step, fieldTag)
      },
    }),
  )
}
