/** A folder of a test's own, gone after it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export function newFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'rff-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
