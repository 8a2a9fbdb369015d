import { knownShards } from '../run/claim-shards.ts'
import type { Workspace } from '../workspace.ts'
import type { MergePlace } from './merge-place.ts'

/** @throws RffError workspace_missing where nothing is planned */
export function mergePlaceOf(workspace: Workspace): MergePlace {
  const { control, corpusPath, fieldDir, currentDir } = workspace
  const shardFiles = knownShards(workspace).map(({ shardNo, lineage }) => ({
    shardNo,
    lineage,
    path: workspace.shardPath(shardNo),
  }))
  return { control, corpusPath, fieldDir, currentDir, shardFiles }
}
