/** The directions of imports, held by dependency-cruiser; and proof that its rules still fire. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = new URL('..', import.meta.url).pathname
const RULES = join(ROOT, '.dependency-cruiser.mjs')

interface Cruise {
  readonly summary: { readonly totalCruised: number; readonly violations: { rule: { name: string } }[] }
}

function cruise(cwd: string, folders: readonly string[]): Cruise {
  const bin = join(ROOT, 'node_modules/.bin/depcruise')
  const { stdout, stderr } = spawnSync(bin, ['--config', RULES, '--output-type', 'json', ...folders], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Cruise
}

describe('imports point down', () => {
  test('no file of the program breaks a rule', () => {
    const { summary } = cruise(ROOT, ['src', 'db', 'workers', 'shards', 'schemas'])
    expect(summary.violations.map(({ rule }) => rule.name)).toEqual([])
    // With a parser that does not know TypeScript it would cruise nothing and pass.
    expect(summary.totalCruised).toBeGreaterThan(100)
  })

  /** One breach per rule: the file that must not import, and what it imports. */
  const BREACHES: Record<string, [from: string, to: string]> = {
    'schemas-stand-below': ['schemas/a.ts', 'src/log.ts'],
    'db-stand-below': ['db/a.ts', 'shards/b.ts'],
    'shards-stand-below': ['shards/a.ts', 'src/log.ts'],
    'language-is-pure': ['src/language/a.ts', 'db/b.ts'],
    'llm-knows-no-tables': ['src/llm/a.ts', 'db/b.ts'],
    'passes-look-down': ['src/passes/10-plan/stage.ts', 'src/runner/b.ts'],
    'passes-never-meet': ['src/passes/10-plan/a.ts', 'src/passes/20-x-expand/b.ts'],
    'verbs-are-pure': ['src/passes/10-plan/c.ts', 'db/b.ts'],
    'runner-stands-below-control': ['src/runner/a.ts', 'src/control/b.ts'],
    'control-stands-below-commands': ['src/control/a.ts', 'src/commands/b.ts'],
    'field-reads-only': ['src/field/a.ts', 'src/control/b.ts'],
    'web-stands-below-commands': ['src/web/a.ts', 'src/commands/b.ts'],
    'page-is-for-browsers': ['src/web/page/a.ts', 'src/control/b.ts'],
    'page-is-bundled': ['src/web/b.ts', 'src/web/page/c.ts'],
    'workers-are-loaded-by-url': ['src/control/c.ts', 'workers/shard-worker.ts'],
    'only-cli-is-the-top': ['src/commands/a.ts', 'src/cli.ts'],
    'nothing-from-tests': ['src/control/d.ts', 'test/b.ts'],
  }

  test('every rule catches its planted breach', () => {
    const root = mkdtempSync(join(tmpdir(), 'rff-imports-'))
    try {
      const put = (path: string, text: string) => {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
      for (const [, to] of Object.values(BREACHES)) put(to, 'export const there = 1\n')
      for (const [from, to] of Object.values(BREACHES)) {
        put(
          from,
          `import { there } from '${'../'.repeat(from.split('/').length - 1)}${to}'\nexport const here = there\n`,
        )
      }
      put('src/field/x.ts', "import { y } from './y.ts'\nexport const x = () => y\n")
      put('src/field/y.ts', "import { x } from './x.ts'\nexport const y = () => x\n")
      put('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext' } }))
      put('package.json', JSON.stringify({ type: 'module' }))
      symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
      const { summary } = cruise(root, ['src', 'db', 'workers', 'shards', 'schemas'])
      const caught = new Set(summary.violations.map(({ rule }) => rule.name))
      expect([...caught].sort()).toEqual([...Object.keys(BREACHES), 'no-cycles'].sort())
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  })
})
