import { statfsSync, statSync } from 'node:fs'
import { plural } from '../../language/counted.ts'
import type { Workspace } from '../workspace.ts'
import { knownShards } from './claim-shards.ts'

/** What a done cluster takes at least: its answer, structure and deltas, with a page of each table half filled. */
const LEAST_BYTES_PER_CLUSTER = 16_384
/** A WAL grows so far before it is folded in (db/open.ts); each thread may have one. */
const WAL_BYTES = 8_192 * 4_096

/** How much room a run that met a full disk needs to go on, by what its shards take so far. */
export function tellRoom(
  workspace: Workspace,
  { todo, done, threadCount }: { readonly todo: number; readonly done: number; readonly threadCount: number },
): string {
  const { bavail, bsize } = statfsSync(workspace.dir)
  const taken = knownShards(workspace).reduce(
    (sum, { shardNo }) =>
      sum + (statSync(workspace.shardPath(shardNo), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
  const perCluster = Math.max(LEAST_BYTES_PER_CLUSTER, done === 0 ? 0 : taken / done)
  const needed = todo * perCluster + threadCount * WAL_BYTES
  return `${plural(todo, 'cluster')} to do: about ${mebibytes(needed)} MiB, ${mebibytes(bavail * bsize)} MiB are free in ${workspace.dir}`
}

const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20)
