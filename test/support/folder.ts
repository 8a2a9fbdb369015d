/** A folder of a test's own, gone after it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'

export function newFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'rff-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** For tests that only read one world: to be called where a file begins, and gone after its last test. */
export function folderOfFile(): string {
  const dir = mkdtempSync(join(tmpdir(), 'rff-test-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
