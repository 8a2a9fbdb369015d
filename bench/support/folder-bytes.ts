/** What lies in a folder, with everything below it. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export const folderBytes = (dir: string): number =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((bytes, entry) => bytes + statSync(join(entry.parentPath, entry.name)).size, 0)
