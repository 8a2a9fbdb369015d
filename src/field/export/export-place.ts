/**
 * Where an export goes: it is written beside its place and takes it by a rename, so that whoever reads there sees the old
 * export or the new one.
 */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { exportManifestSchema } from '../../../schemas/export-manifest.ts'
import { RffError } from '../../../schemas/failure.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'

export const MANIFEST = 'manifest.json'

export interface ExportPlace {
  /** Empty, on the same file system as the place. */
  readonly stagingDir: string
  /** Puts what was written in its place. */
  take(): void
  /** Nothing is left of it. */
  giveUp(): void
}

/** @throws RffError file_exists where something else than an export is there already */
export function exportPlace(dir: string): ExportPlace {
  const target = resolve(dir)
  const parent = dirname(target)
  const isThere = expectExportOrNothing(target)
  makeFolder(parent)
  const stagingDir = mkdtempSync(join(parent, `.${basename(target)}.`))
  return {
    stagingDir,
    take() {
      syncFolder(stagingDir)
      const old = `${stagingDir}.old`
      if (isThere) renameSync(target, old)
      renameSync(stagingDir, target)
      syncFolder(parent)
      rmSync(old, { recursive: true, force: true })
    },
    giveUp: () => rmSync(stagingDir, { recursive: true, force: true }),
  }
}

/** @returns whether an export is there */
function expectExportOrNothing(target: string): boolean {
  const found = lstatSync(target, { throwIfNoEntry: false })
  if (found === undefined) return false
  if (!found.isDirectory()) throw refusal(target, found.isSymbolicLink() ? 'a symbolic link' : 'a file')
  const names = readdirSync(target)
  if (names.length === 0) return true
  const manifest = readManifest(target)
  if (manifest === null) throw refusal(target, `a folder with ${names[0]} in it`)
  const ours = new Set([MANIFEST, ...manifest.files.map(({ name }) => name)])
  const stranger = names.find((name) => !ours.has(name))
  if (stranger !== undefined) throw refusal(target, `an export with ${stranger} of somebody's beside it`)
  return true
}

const refusal = (target: string, what: string): RffError =>
  new RffError(
    'file_exists',
    `${target} is ${what}, expected a new folder, an empty one or an earlier export`,
  )

/** @returns null where the folder is no export */
function readManifest(dir: string) {
  try {
    return exportManifestSchema.parse(JSON.parse(readFileSync(join(dir, MANIFEST), 'utf8')))
  } catch {
    // No file, no JSON or another manifest: each says the same, that this is no export.
    return null
  }
}

function syncFolder(dir: string): void {
  const handle = openSync(dir, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
