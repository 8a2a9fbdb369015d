import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunManifest, runManifestSchema } from '../../../schemas/run-manifest.ts'
import type { Workspace } from '../workspace.ts'

/** @returns null where a run has written none yet, or one that this version cannot read */
export function readRunManifest(workspace: Workspace, runTag: string): RunManifest | null {
  const path = join(workspace.runDir(runTag), 'manifest.json')
  if (!existsSync(path)) return null
  const parsed = runManifestSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return parsed.success ? parsed.data : null
}
