/** Every command line of the README, the guides and the page of commands is run, or listed with the reason why not. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { loadCommands } from '../../src/commands/commands.ts'
import { callsInProse, linesOf, pages, unmarkedBlocks } from '../support/docs/command-lines.ts'
import { guideFolder } from '../support/docs/guide-folder.ts'
import { PAGE_SCRIPTS, RUN_ELSEWHERE } from '../support/docs/page-scripts.ts'
import { runPage } from '../support/docs/run-page.ts'
import { folderOfFile } from '../support/folder.ts'
import { pageWorld } from '../support/page/page-world.ts'
import { type SimServer, startSimServer } from '../support/sim-server/server.ts'

/** A page is a hundred commands and more, each a process. */
vi.setConfig({ testTimeout: 900_000, hookTimeout: 300_000 })

const commands = await loadCommands()
const scripts = Object.entries(PAGE_SCRIPTS)
const hasSqlite3 = spawnSync('sqlite3', ['--version']).status === 0

describe('nothing is left out', () => {
  test('each page with command lines has a script, or is run line by line elsewhere', () => {
    const withLines = pages.filter((page) => linesOf(page).length > 0)
    expect(withLines.sort()).toEqual([...Object.keys(PAGE_SCRIPTS), ...RUN_ELSEWHERE].sort())
  })

  test('no page has a command in a block that does not say it is one', () => {
    expect(pages.flatMap((page) => unmarkedBlocks(page).map((block) => [page, block]))).toEqual([])
  })

  test('every rule is about a line that stands on its page', () => {
    const stale = scripts.flatMap(([page, { lines = {} }]) => {
      const there = linesOf(page)
      return Object.keys(lines).filter((line) => !there.includes(line))
    })
    expect(stale).toEqual([])
  })

  test('what is not run names scripts that package.json has', () => {
    const { scripts: known } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { scripts: Record<string, string> }
    const named = scripts.flatMap(([page]) =>
      linesOf(page).flatMap((line) => /^npm run (\S+)/.exec(line)?.[1] ?? []),
    )
    expect(named.filter((name) => !(name in known))).toEqual([])
  })
})

describe('calls in prose', () => {
  const calls = pages.flatMap((page) => callsInProse(page).map((call) => [page, call] as const))

  test('are found, and one that is wrong is noticed', () => {
    expect(calls.length).toBeGreaterThan(30)
    expect(() => parse('run --no-such-flag')).toThrow('unknown option')
    expect(() => parse('dance')).toThrow('unknown command')
  })

  test.each(calls)('%s: rff-shard %s', (_, call) => expect(() => parse(call)).not.toThrow())
})

describe.skipIf(!hasSqlite3)('run, line by line', () => {
  const folder = folderOfFile()
  let server: SimServer
  beforeAll(async () => {
    server = await startSimServer({ seed: 3 })
    await pageWorld({ folder, every: 25, byRules: 20, hostile: [] })
  })
  afterAll(() => server.close())

  test('a line that ends otherwise than its page says is told', async () => {
    const dir = guideFolder(folder, null)
    const lines = {
      'rff-shard --version': { exit: 2, says: /usage/ },
      'ssh host': { notRun: 'another machine' },
    }
    const faults = await runPage(
      dir,
      ['rff-shard dance', ...Object.keys(lines)],
      { begins: 'with facts', lines },
      {},
    )
    expect(faults.map((fault) => fault.split('\n')[0])).toEqual(['rff-shard dance', 'rff-shard --version'])
  })

  const toRun = scripts.filter(([page, { lines = {} }]) =>
    linesOf(page).some((line) => lines[line]?.notRun === undefined),
  )

  test.concurrent.each(toRun)(
    '%s',
    async (page, script) => {
      const dir = guideFolder(folder, script.begins === 'with a workspace' ? join(folder, 'rff') : null)
      const env = {
        OPENAI_API_KEY: 'key',
        RFF_PROVIDERS__OPENAI__BASE_URL: server.url,
        RFF_PROVIDERS__OLLAMA__BASE_URL: server.url,
        RFF_RUN__THREADS: '1',
      }
      expect(await runPage(dir, linesOf(page), script, env)).toEqual([])
    },
    900_000,
  )
})

/** What commander makes of a line. In prose a name may stand without what it is asked about. */
function parse(line: string): void {
  const program = new Command()
    .version('0')
    .option('-w, --workspace <dir>')
    .option('-c, --config <file>')
    .option('--json')
    .option('--log-level <level>')
    .option('-q, --quiet')
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeOut: () => undefined })
  for (const spec of commands) {
    const command = program.command(spec.name).exitOverride()
    command.configureOutput({ outputError: () => undefined })
    spec.configure(command)
    command.action(() => undefined)
  }
  try {
    program.parse(line.split(/\s+/), { from: 'user' })
  } catch (cause) {
    const isFine =
      cause instanceof CommanderError && (cause.exitCode === 0 || cause.code === 'commander.missingArgument')
    if (!isFine) throw cause
  }
}
