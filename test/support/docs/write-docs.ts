/** Writes the pages that are generated: docs/cli.md, docs/json.md, docs/audits.md and docs/providers.md. Needs a build and sqlite3. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditsPage } from './audits-page.ts'
import { cliReference } from './cli-reference.ts'
import { makeDemoWorkspace } from './demo-workspace.ts'
import { jsonPage } from './json-page.ts'
import { providersPage } from './providers-page.ts'
import { globalHelp } from './rff-shard.ts'

const page = (name: string): URL => new URL(`../../../docs/${name}`, import.meta.url)

const dir = mkdtempSync(join(tmpdir(), 'rff-docs-'))
try {
  writeFileSync(page('cli.md'), cliReference(globalHelp()))
  writeFileSync(page('json.md'), jsonPage())
  writeFileSync(page('providers.md'), await providersPage())
  makeDemoWorkspace(dir)
  writeFileSync(page('audits.md'), auditsPage(dir))
} finally {
  rmSync(dir, { recursive: true })
}
