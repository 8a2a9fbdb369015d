/** How much of the usage window is used. */
import { tokensUsedSince } from '../../../db/queries/window-use.ts'
import type { Config } from '../../../schemas/config.ts'
import { visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { type Window, windowAt } from './window.ts'

export interface WindowState extends Window {
  readonly usedTokens: number
}

/** @returns null where no window is set */
export function windowState(
  workspace: Workspace,
  settings: Config['window'],
  nowMs: number,
): WindowState | null {
  const window = windowAt(settings, nowMs)
  return window && { ...window, usedTokens: windowUse(workspace, window.startsAtMs) }
}

/**
 * Tokens that this workspace has used since a moment, over all its shards, with what is in flight at its worst case.
 *
 * A shard file that cannot be read counts nothing: what is wrong with it is told where it is worked on.
 */
export const windowUse = (workspace: Workspace, sinceMs: number): number =>
  visitShards(workspace, (db) => tokensUsedSince(db, sinceMs)).reduce(
    (sum, visited) => sum + (visited.ok ? visited.value : 0),
    0,
  )
