/** What `npm pack` puts into the package, and, with RFF_TEST_FULL, whether it works in an empty folder. */
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from '../support/folder.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const inRoot: ExecFileSyncOptionsWithStringEncoding = {
  cwd: ROOT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
}

const packed = (
  JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], inRoot)) as [{ files: { path: string }[] }]
)[0]
const paths = packed.files.map(({ path }) => path)

test('the package holds the command, the library with its types, the threads, the migrations and the demo', () => {
  const migrations = readdirSync(join(ROOT, 'db/migrations'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .map((path) => `dist/db/migrations/${path}`)
  for (const path of [
    'dist/bundle/cli.js',
    'dist/src/index.js',
    'dist/src/index.d.ts',
    'dist/bundle/shard-worker.js',
    'dist/bundle/neighbour-worker.js',
    'demo/facts.jsonl',
    'README.md',
    'LICENSE',
    ...migrations,
  ])
    expect(paths).toContain(path)
})

test('the package holds no test, bench or source of the program, and nothing of a workplace', () => {
  const strange = paths.filter((path) =>
    /(^|\/)(test|bench|node_modules)\/|\.test\.|(?<!\.d)\.ts$|\.sqlite|\.toml$|\.tgz$/.test(path),
  )
  expect(strange).toEqual([])
})

test.runIf(process.env.RFF_TEST_FULL)(
  'installed from the package into an empty folder, the demo and the library work',
  () => {
    const dir = newFolder()
    execFileSync('npm', ['pack', '--silent', '--pack-destination', dir], inRoot)
    const app = join(dir, 'app')
    mkdirSync(app)
    // Where npm asks, this is the answer that it takes for a project; a flag is refused there.
    const project = { type: 'module', private: true, allowScripts: { 'better-sqlite3': true } }
    writeFileSync(join(app, 'package.json'), JSON.stringify(project))
    const inApp = { cwd: app, encoding: 'utf8' } as const
    const tarball = join(dir, readdirSync(dir).find((name) => name.endsWith('.tgz'))!)
    execFileSync('npm', ['install', '--no-audit', '--no-fund', tarball], inApp)
    expect(execFileSync('npx', ['rff-shard', 'demo'], inApp)).toContain('because:')
    expect(existsSync(join(app, 'demo-rff/field/_current/MERGED'))).toBe(true)
    const program =
      "import { openField } from 'rff-shard'; console.log(openField({ workspace: 'demo-rff' }).counts().concepts)"
    expect(
      Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], inApp)),
    ).toBeGreaterThan(100)
  },
  900_000,
)
