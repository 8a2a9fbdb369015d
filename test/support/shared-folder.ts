/** One folder for what the workers of a test run make once and copy or load from then on; gone when they are. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NAME = 'RFF_TEST_SHARED_FOLDER'

/** Called by vitest before the workers start. @returns what it calls after their end */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'rff-shared-'))
  process.env[NAME] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

/** @returns a new folder for this process: in the one of the test run, or, in a script, gone with its process */
export function newSharedFolder(prefix: string): string {
  const shared = process.env[NAME]
  const folder = mkdtempSync(join(shared ?? tmpdir(), prefix))
  // A worker of vitest is ended from outside, and hears of no exit.
  if (shared === undefined) process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
