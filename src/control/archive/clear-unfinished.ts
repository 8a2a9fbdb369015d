/** What a dead process left of something that it was making; what it was removing is another matter, see createArchives. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Workspace } from '../workspace.ts'
import { archivesDirOf } from './archive-index.ts'
import { UNFINISHED } from './write-archive.ts'

const GROWING = /^\.\d{8}_\d{6}(?:_\d+)?\.restoring$/

/** Where a folder grows that comes back: beside its place, so that it gets its name at once. */
export const growingOf = (target: string): string => join(dirname(target), `.${basename(target)}.restoring`)

/** The caller holds the lease `archive`, so nobody is making any of it. */
export function clearUnfinished({ dir, runsDir, fieldDir }: Workspace): void {
  for (const parent of [runsDir, fieldDir]) removeFrom(parent, (name) => GROWING.test(name))
  const archivesDir = archivesDirOf(dir)
  for (const day of namesIn(archivesDir).filter((name) => /^\d{8}$/.test(name)))
    removeFrom(join(archivesDir, day), (name) => name.startsWith(UNFINISHED))
}

function removeFrom(parent: string, isUnfinished: (name: string) => boolean): void {
  for (const name of namesIn(parent).filter(isUnfinished)) rmSync(join(parent, name), { recursive: true })
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : [])
