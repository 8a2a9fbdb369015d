import type { ArchiveRecord } from '../../../schemas/archive.ts'
import type { Config } from '../../../schemas/config.ts'
import { withLease } from '../with-lease.ts'
import type { Workspace } from '../workspace.ts'
import { createArchives } from './create-archives.ts'

/**
 * Archives what is old, while nobody else does and no field is being made.
 *
 * @throws RffError lock_held with the holder, lease_lost, whatever createArchives throws
 */
export function archiveWorkspace(
  workspace: Workspace,
  { archive: { keep }, run: { leaseMs } }: Config,
  signal: AbortSignal | undefined,
  nowMs: () => number,
): Promise<ArchiveRecord[]> {
  const { control } = workspace
  const watching = { leaseMs, nowMs, signal }
  return withLease(control, 'archive', watching, (archiving) =>
    withLease(control, 'merge', watching, (merging) =>
      createArchives(workspace, {
        keep,
        nowMs,
        signal,
        guard() {
          archiving.expectHeld()
          merging.expectHeld()
        },
      }),
    ),
  )
}
