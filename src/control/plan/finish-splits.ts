import { renameSync } from 'node:fs'
import { shardQueries } from '../../../db/queries/shards.ts'
import { syncDirectory } from '../../../shards/lifecycle.ts'
import type { Workspace } from '../workspace.ts'

/**
 * A parent that was split keeps its rows under another name, so that who reads shards/*.sqlite counts nothing twice. A
 * split that was killed behind its switch left that to whoever comes next.
 */
export function finishSplits({ control, shardPath, shardsDir }: Workspace): void {
  const isRenamed = shardQueries(control)
    .splitNos()
    .map((shardNo) => putAside(shardPath(shardNo)))
  if (isRenamed.includes(true)) syncDirectory(shardsDir)
}

/** @returns false where that was done before, maybe just now by another process */
function putAside(path: string): boolean {
  try {
    renameSync(path, `${path}.split`)
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    return false
  }
}
