/** How much of the usage window is used. */
import { existsSync } from 'node:fs'
import { type Db, openDb } from '../../../db/open.ts'
import { tokensUsedSince, vectorTokensUsedSince } from '../../../db/queries/window-use.ts'
import { asFailure, isOfOneFile } from '../../../schemas/as-failure.ts'
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
 * Tokens that this workspace has used since a moment, over all its shards and for vectors, with what is in flight at its
 * worst case.
 *
 * A file that cannot be read counts nothing: what is wrong with it is told where it is worked on.
 */
export const windowUse = (workspace: Workspace, sinceMs: number): number =>
  visitShards(workspace, (db) => tokensUsedSince(db, sinceMs)).reduce(
    (sum, visited) => sum + (visited.ok ? visited.value : 0),
    ofVectors(workspace, sinceMs),
  )

function ofVectors({ embeddingsPath }: Pick<Workspace, 'embeddingsPath'>, sinceMs: number): number {
  if (!existsSync(embeddingsPath)) return 0
  let db: Db | undefined
  try {
    db = openDb(embeddingsPath, 'embeddings', { mode: 'read' })
    return vectorTokensUsedSince(db, sinceMs)
  } catch (cause) {
    if (!isOfOneFile(asFailure(cause))) throw cause
    return 0
  } finally {
    db?.close()
  }
}
