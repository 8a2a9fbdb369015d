/** What every call of the library is told of where it works. */
import { join } from 'node:path'
import type { Config } from '../../schemas/config.ts'
import { loadConfig, type PartialSettings } from '../config/load.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'

export interface Place {
  /** The folder that holds everything. */
  readonly workspace: string
  /** Over those of rff.toml in the workspace: `{ models: { primary: 'ollama/llama3.2' } }`. */
  readonly settings?: PartialSettings
  /** Aborted to stop: what is in flight is finished, nothing new begins. */
  readonly signal?: AbortSignal
}

/** @throws RffError config_invalid, workspace_missing, and what `use` throws */
export async function inWorkspace<T>(
  { workspace: dir, settings = {} }: Place,
  mode: 'create' | 'use',
  use: (workspace: Workspace, config: Config) => Promise<T>,
): Promise<T> {
  const config = loadConfig(undefined, join(dir, 'rff.toml'), settings)
  const workspace = openWorkspace(dir, mode)
  try {
    return await use(workspace, config)
  } finally {
    workspace.close()
  }
}
