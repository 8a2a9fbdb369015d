/** Takes the shards that are free, and says who has the others. */
import { planQueries } from '../../../db/queries/plans.ts'
import type { ShardMeta } from '../../../db/queries/shard-meta.ts'
import { shardQueries } from '../../../db/queries/shards.ts'
import { RffError } from '../../../schemas/failure.ts'
import { type Lease, shardScope, tryLease } from '../lease.ts'
import { type WatchOptions, watchLease } from '../watch-lease.ts'
import type { Workspace } from '../workspace.ts'

export interface ClaimedShard {
  readonly meta: ShardMeta
  readonly path: string
  readonly lease: Lease
}

export interface HeldShard {
  readonly shardNo: number
  readonly heldBy: string
}

/** Every shard of the workspace, as its file must say of itself. In the order of their ranges. */
export function knownShards(workspace: Workspace): ShardMeta[] {
  const lineage = planQueries(workspace.control).knownLineage()
  if (lineage === undefined) throw new RffError('workspace_missing', `${workspace.dir} has no finished plan`)
  return shardQueries(workspace.control)
    .all()
    .map(({ shardNo, keyFirst, keyLast }) => ({ lineage, shardNo, keyFirst, keyLast }))
}

/** @throws RffError shard_unknown */
export function expectKnownShards(workspace: Workspace, shardNos: readonly number[] | null): void {
  const known = knownShards(workspace)
  for (const shardNo of shardNos ?? []) {
    if (known.some((row) => row.shardNo === shardNo)) continue
    const numbers = known.map((row) => row.shardNo)
    throw new RffError(
      'shard_unknown',
      `there is no shard ${shardNo}; this workspace has ${Math.min(...numbers)} to ${Math.max(...numbers)}`,
    )
  }
}

/** In one transaction, so that a shard which is being split is held, or its children are there. */
export function claimFreeShards(
  workspace: Workspace,
  lineage: string,
  shardNos: readonly number[] | null,
  nowMs: number,
): { claimed: ClaimedShard[]; held: HeldShard[] } {
  const claim = workspace.control.transaction(() => {
    const claimed: ClaimedShard[] = []
    const held: HeldShard[] = []
    for (const row of knownShards(workspace)) {
      if (shardNos !== null && !shardNos.includes(row.shardNo)) continue
      const lease = tryLease(workspace.control, shardScope(row.shardNo), nowMs, 'worker')
      if ('heldBy' in lease) held.push({ shardNo: row.shardNo, heldBy: lease.heldBy })
      else claimed.push(claimedShard(workspace, { ...row, lineage }, lease))
    }
    return { claimed, held }
  })
  return claim.immediate()
}

/** Watches shards that others hold, and takes those whose holder proves to be dead. */
export async function takeOverStale(
  workspace: Workspace,
  lineage: string,
  held: readonly HeldShard[],
  options: WatchOptions,
): Promise<{ taken: ClaimedShard[]; held: HeldShard[] }> {
  const known = knownShards(workspace)
  const taken: ClaimedShard[] = []
  const still: HeldShard[] = []
  const watch = async ({ shardNo }: HeldShard): Promise<void> => {
    const lease = await watchLease(workspace.control, shardScope(shardNo), { ...options, beatenBy: 'worker' })
    const row = known.find((one) => one.shardNo === shardNo)!
    if ('heldBy' in lease) still.push({ shardNo, heldBy: lease.heldBy })
    else taken.push(claimedShard(workspace, { ...row, lineage }, lease))
  }
  await Promise.all(held.map(watch))
  return { taken, held: still.sort((a, b) => a.shardNo - b.shardNo) }
}

const claimedShard = (workspace: Workspace, meta: ShardMeta, lease: Lease): ClaimedShard => ({
  meta,
  path: workspace.shardPath(meta.shardNo),
  lease,
})
