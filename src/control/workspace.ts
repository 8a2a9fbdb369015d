/** The folder that holds everything: where what lies, and the control file. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Db, openDb } from '../../db/open.ts'
import { RffError } from '../../schemas/failure.ts'
import { makeFolder } from '../../shards/durable-folder.ts'
import { shardPath } from '../../shards/shard-path.ts'

export interface Workspace {
  readonly dir: string
  readonly control: Db
  readonly corpusPath: string
  /** Where processes meet under the limits of providers; it may be removed when none runs. */
  readonly limitsPath: string
  /** Vectors that were paid for; missing where none ever were. */
  readonly embeddingsPath: string
  readonly shardsDir: string
  readonly runsDir: string
  readonly fieldDir: string
  readonly currentDir: string
  shardPath(shardNo: number): string
  runDir(runTag: string): string
  close(): void
}

/**
 * @param mode `create` makes the folder and its control file where they are missing
 * @throws RffError workspace_missing
 */
export function openWorkspace(dir: string, mode: 'create' | 'use'): Workspace {
  const root = resolve(dir)
  const controlPath = join(root, 'control.sqlite')
  if (mode === 'use' && !existsSync(controlPath)) {
    throw new RffError('workspace_missing', `there is no workspace at ${root}`)
  }
  const shardsDir = join(root, 'shards')
  if (mode === 'create') for (const folder of [root, shardsDir]) makeFolder(folder)
  // Also where it is used: one that a killed first plan left empty is a workspace without a plan.
  const control = openDb(controlPath, 'control', { mode: 'create' })
  const runsDir = join(root, 'runs')
  const fieldDir = join(root, 'field')
  return {
    dir: root,
    control,
    corpusPath: join(root, 'corpus.sqlite'),
    limitsPath: join(root, 'limits.sqlite'),
    embeddingsPath: join(root, 'embeddings.sqlite'),
    shardsDir,
    runsDir,
    fieldDir,
    currentDir: join(fieldDir, '_current'),
    shardPath: (shardNo) => shardPath(shardsDir, shardNo),
    runDir: (runTag) => join(runsDir, runTag),
    close: () => control.close(),
  }
}
