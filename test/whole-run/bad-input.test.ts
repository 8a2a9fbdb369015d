/**
 * The table of bad input, each row through the real command line: the documented exit code, one sentence with a code,
 * and nothing half taken. Lines of a corpus are in test/control/intake/bad-input.test.ts, shard files in file-faults.test.ts.
 */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { FAILURES } from '../../schemas/failure.ts'
import { cli, cliJson, startCli } from '../support/cli.ts'
import { factsFile, plannedWorld, useServer } from '../support/demo-world.ts'
import { newFolder } from '../support/folder.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const root = mkdtempSync(join(tmpdir(), 'rff-test-'))
const template = join(root, 'rff')
const SHARDS = 4
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A planned workspace of the test's own; the first test that wants one makes the one that all are copies of. */
async function setup(): Promise<string> {
  if (!existsSync(template)) {
    const world = await plannedWorld({ facts: 200, shards: SHARDS })
    cpSync(world.dir, template, { recursive: true })
  }
  const dir = join(newFolder(), 'rff')
  cpSync(template, dir, { recursive: true })
  return dir
}

const shardPath = (dir: string, shardNo: number): string =>
  join(dir, 'shards', `${String(shardNo).padStart(4, '0')}.sqlite`)

/** Two lines: code with message, and what to do; no stack. */
function expectSentence(stderr: string, code: string): void {
  const lines = stderr.trimEnd().split('\n')
  const at = lines.findIndex((line) => line.startsWith(`rff-shard: ${code}: `))
  expect(at, stderr).toBeGreaterThanOrEqual(0)
  expect(lines.at(-1)).toBe(`  what to do: ${FAILURES[code as keyof typeof FAILURES].hint}`)
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
}

describe('arguments', () => {
  test.each([
    [['plan'], 'usage', /no files/],
    [['plan', 'nowhere.jsonl'], 'input_not_found', /nowhere\.jsonl/],
    [['plan', '.'], 'input_unreadable', /director/],
    [['plan', 'x.jsonl', '--shards', '0'], 'usage', /--shards is 0, expected .* 1 to 8192/],
    [['plan', 'x.jsonl', '--shards', '2.5'], 'usage', /--shards is 2\.5/],
    [['plan', 'x.jsonl', '--max-refused', '2'], 'usage', /--max-refused is 2, expected .* 0 to 1/],
    [['plan', '--split', '99'], 'shard_unknown', /no shard 99/],
    [['run', '--shard', '99'], 'shard_unknown', /no shard 99; this workspace has 0 to 3/],
    [['run', '--shard', 'three'], 'usage', /--shard has "three"/],
    [['run', '--shard', '3-1'], 'usage', /--shard has "3-1"/],
    [['run', '--max-usd', '-1'], 'usage', /--max-usd is -1, expected .* 0 to 1000000/],
    [['run', '--max-usd', 'NaN'], 'usage', /--max-usd is NaN/],
    [['run', '--threads', '0'], 'usage', /--threads is 0, expected .* 1 to 256/],
    [['run', '--limit', '1e3'], 'usage', /--limit is 1e3/],
    [['run', '--model', 'nobody/model'], 'provider_unknown', /nobody/],
    [['run', '--prompt', 'nowhere.md'], 'input_not_found', /nowhere\.md/],
    [['run', '--prompt', '.'], 'input_unreadable', /the prompt \. cannot be read: it is a directory/],
    [['eval', '--gold', '.'], 'input_unreadable', /the gold \. cannot be read: it is a directory/],
    [['eval', '--gold', 'nowhere.jsonl'], 'input_not_found', /the gold nowhere\.jsonl is not there/],
    [['inspect', 'shard:99'], 'not_found', /no shard:99; rff-shard status lists the shards/],
    [['quarantine', 'show', 'clu_0'], 'not_found', /no case in quarantine for clu_0/],
    [['merge', '--override-gate', 'no_gate'], 'usage', /no_gate/],
    [['stage', 'no-stage'], 'usage', /stage knows normalise, .*, not no-stage/],
    [['archive', 'burn'], 'usage', /archive knows create, .*, not burn/],
    [['archive', 'create', '--keep', '0'], 'usage', /--keep is 0, expected .* 1 to/],
    [['archive', 'restore', 'run-20260101_000000'], 'not_found', /no archive is named/],
    [['loop', 'dance'], 'usage', /loop knows start, .*, not dance/],
    [['inspect', 'nothing-such'], 'not_found', /nothing-such/],
    [['runn'], 'usage', /no command runn; did you mean run\?/],
    [['run', '--no-such-flag'], 'usage', /--no-such-flag/],
  ] as const)('%j ends with the code of %s', async (args, code, message) => {
    const { exitCode, stderr } = await cli(await setup(), args)
    expectSentence(stderr, code)
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(2)
  })

  test('an empty file is no facts, and nothing changes', async () => {
    const dir = await setup()
    const empty = join(dir, '../empty.jsonl')
    writeFileSync(empty, '')
    const before = await cliJson<{ plan: unknown }>(dir, ['status'])
    const { exitCode, stderr } = await cli(dir, ['plan', empty])
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/lines +0: 0 added, 0 refused/)])
    const after = await cliJson<{ plan: unknown }>(dir, ['status'])
    expect(JSON.stringify(after).replace(/"planNo":\d+/g, '')).toBe(
      JSON.stringify(before).replace(/"planNo":\d+/g, ''),
    )
  })

  test('too many lines that cannot be read end the plan with exit 3, with the first five of them', async () => {
    const dir = join(newFolder(), 'rff')
    const file = join(dir, '../facts.jsonl')
    writeFileSync(file, `${'{"text":"so it is"}\n'.repeat(3)}${'not json\n'.repeat(7)}`)
    const { exitCode, stderr } = await cli(dir, ['plan', file])
    expect(exitCode).toBe(3)
    expectSentence(stderr, 'too_many_refused')
    expect(stderr.match(/line_not_json: (?!make)/g)).toHaveLength(5)
    expect(stderr).toContain(`line_not_json: ${FAILURES.line_not_json.hint}`)
  })

  test('facts under another name are refused with the names that the record has, and how to map one', async () => {
    const dir = join(newFolder(), 'rff')
    const file = join(dir, '../facts.jsonl')
    writeFileSync(file, '{"statement":"so it is","no":1}\n')
    const { exitCode, stderr } = await cli(dir, ['plan', file])
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/no value in "text"; the record has "statement", "no"\n/)
    expect(stderr).toMatch(/--map text=COLUMN/)
  })

  test('a workspace where a file stands is refused with its path, and the file stays', async () => {
    const file = factsFile(newFolder(), 10)
    for (const dir of [file, join(file, 'rff')]) {
      const { exitCode, stderr } = await cli(dir, ['plan', file])
      expect(exitCode).toBe(2)
      expectSentence(stderr, 'file_exists')
      expect(stderr).toContain(`${dir} cannot be a folder`)
    }
  })

  test.each(['init', 'plan'])('%s where no folder can be made ends and says so', async (line) => {
    const args = line === 'plan' ? [line, factsFile(newFolder(), 10)] : [line]
    const { exitCode, stderr } = await cli('/proc/no/rff', args)
    expectSentence(stderr, 'file_denied')
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('/proc takes no folders')])
  })

  test('the page says that its port is taken, and how to get another', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { exitCode, stderr } = await cli(await setup(), ['serve', '--port', String(port)])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(new RegExp(`port ${port}: another process listens there; name another --port`))
  })
})

describe('settings', () => {
  test('every fault is told at once, with the nearest known key, and exit 2', async () => {
    const dir = await setup()
    writeFileSync(
      join(dir, 'rff.toml'),
      '[run]\nthread = 2\ninFlight = "many"\ndeadlineMs = -1\n[plan]\nshards = 0\n[lopp]\n',
    )
    const { exitCode, stderr } = await cli(dir, ['run'])
    expect(exitCode).toBe(2)
    for (const told of [
      /run\.thread: .*did you mean threads\?/,
      /run\.inFlight/,
      /run\.deadlineMs/,
      /plan\.shards/,
      /lopp: .*did you mean loop\?/,
    ])
      expect(stderr).toMatch(told)
  })

  test.each([
    ['is not TOML', '[run\nthreads = ', 'config_invalid'],
    ['is binary', '\u0000\u0001\u0002\ufffd', 'config_invalid'],
    ['names one setting twice', '[run]\nthreads = 1\nthreads = 2\n', 'config_invalid'],
    ['sets a section to a number', 'run = 5\n', 'config_invalid'],
    [
      'names a file of its own that is missing',
      '[structure]\npromptFile = "nowhere.md"\n',
      'input_not_found',
    ],
    ['knows no such gate', '[gates.no_gate]\nseverity = "block"\n', 'config_invalid'],
  ] as const)('a file that %s is refused with exit 2', async (_, text, code) => {
    const dir = await setup()
    writeFileSync(join(dir, 'rff.toml'), text)
    if (code === 'config_invalid' && text.includes('no_gate'))
      await cliJson(dir, ['--config', emptyFile(), 'run'])
    const { exitCode, stderr } = await cli(dir, [text.includes('no_gate') ? 'merge' : 'run'])
    expectSentence(stderr, code)
    expect(exitCode).toBe(2)
  })

  test('a settings file that was named and is a folder, or missing, is refused with its path', async () => {
    for (const path of [newFolder(), '/nowhere/rff.toml']) {
      const { exitCode, stderr } = await cli(await setup(), ['--config', path, 'run'])
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(path)])
    }
  })

  test('a variable that is out of range is refused like a setting', async () => {
    const { exitCode, stderr } = await cli(await setup(), ['run'], { RFF_RUN__THREADS: '-3' })
    expectSentence(stderr, 'config_invalid')
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/run\.threads/)])
  })

  const emptyFile = (): string => {
    const path = join(newFolder(), 'rff.toml')
    writeFileSync(path, '')
    return path
  }
})

describe('a workspace', () => {
  test.each([
    ['that is not there', () => join(newFolder(), 'none'), 'workspace_missing', 2],
    ['that is a file', () => fileIn(newFolder()), 'workspace_missing', 2],
    [
      'whose control file is garbage',
      () => withControl((path) => writeFileSync(path, 'garbage '.repeat(1_000))),
      'shard_damaged',
      7,
    ],
    [
      'whose control file is of a newer version',
      () => withControl((path) => raiseVersion(path)),
      'schema_newer',
      2,
    ],
    [
      'whose control file is of an older version',
      () => withControl((path) => addColumn(path)),
      'schema_older',
      2,
    ],
    [
      'whose control file is another kind of file',
      () => withControl((path) => copyFileSync(shardPath(template, 0), path)),
      'plan_mismatch',
      2,
    ],
  ] as const)('%s is refused by every command that needs it', async (_, make, code, exitCode) => {
    const dir = await make()
    for (const args of [['run'], ['merge'], ['status'], ['loop', 'once'], ['archive', 'ls']]) {
      const ended = await cli(dir, args)
      expectSentence(ended.stderr, code)
      expect(ended.exitCode).toBe(exitCode)
    }
  })

  const fileIn = (dir: string): string => {
    writeFileSync(join(dir, 'file'), '')
    return join(dir, 'file')
  }
  async function withControl(change: (path: string) => void): Promise<string> {
    const dir = await setup()
    for (const tail of ['-wal', '-shm']) rmSync(join(dir, `control.sqlite${tail}`), { force: true })
    change(join(dir, 'control.sqlite'))
    return dir
  }
})

function addColumn(path: string): void {
  const db = new Database(path)
  db.exec('ALTER TABLE runs ADD COLUMN there_before TEXT')
  db.close()
}

function raiseVersion(path: string): void {
  const db = new Database(path)
  db.pragma('user_version = 9999')
  db.close()
}

describe('money', () => {
  test('a provider without its key is refused with exit 2 before anything is sent', async () => {
    const server = await startSimServer({})
    onTestFinished(() => server.close())
    const dir = await setup()
    writeFileSync(
      join(dir, 'rff.toml'),
      `[models]\nprimary = "sim/a"\n[providers.sim]\nbaseUrl = "${server.url}"\nkeyVariable = "NO_SUCH_KEY"\n`,
    )
    const { exitCode, stderr } = await cli(dir, ['run'])
    expectSentence(stderr, 'provider_key_missing')
    expect([exitCode, stderr, server.stats().requests]).toEqual([2, expect.stringMatching(/NO_SUCH_KEY/), 0])
  })

  test('a dollar cap on a model without a price is refused with exit 2 before anything is sent', async () => {
    const server = await startSimServer({})
    onTestFinished(() => server.close())
    const dir = await setup()
    useServer({ dir } as never, server.url)
    const { exitCode, stderr } = await cli(dir, ['run', '--max-usd', '5'])
    expectSentence(stderr, 'usage')
    expect([exitCode, stderr, server.stats().requests]).toEqual([
      2,
      expect.stringMatching(/no price is known of sim\/model-a, so/),
      0,
    ])
  })
})

describe('signals', () => {
  async function running() {
    const server = await startSimServer({ seed: 5, latency: { medianMs: 400, sigma: 0.1 } })
    onTestFinished(() => server.close())
    const dir = await setup()
    useServer({ dir } as never, server.url, 'inFlight = 4\nthreads = 1\n')
    const run = startCli(dir, ['run'])
    onTestFinished(() => void run.process.kill('SIGKILL'))
    while (server.stats().billed < 6) await sleep(5)
    return { dir, server, run }
  }

  const attemptsIn = (dir: string): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (let shardNo = 0; shardNo < SHARDS; shardNo += 1) {
      const db = new Database(shardPath(dir, shardNo), { readonly: true })
      const rows = db
        .prepare("SELECT state, count(*) AS n FROM attempts WHERE provider = 'sim' GROUP BY state")
        .all()
      for (const { state, n } of rows as { state: string; n: number }[])
        counts[state] = (counts[state] ?? 0) + n
      db.close()
    }
    return counts
  }

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s drains what is in flight, commits it, and ends with %i',
    async (signal, exitCode) => {
      const { dir, server, run } = await running()
      run.process.kill(signal)
      const ended = await run.finished
      expect([ended.exitCode, ended.stderr]).toEqual([
        exitCode,
        expect.stringMatching(/finishing what is in flight/),
      ])
      expect(attemptsIn(dir)).toEqual({ settled: server.stats().billed })
    },
    60_000,
  )

  test('Ctrl-C on the page says that the page closes, not that work is finished', async () => {
    const serving = startCli(await setup(), ['serve', '--port', '0'])
    await new Promise((resolve) => serving.process.stderr!.once('data', resolve))
    serving.process.kill('SIGINT')
    const { exitCode, stderr } = await serving.finished
    expect([exitCode, stderr]).toEqual([130, expect.stringMatching(/\nclosing the page; .*once more/)])
    expect(stderr).not.toContain('in flight')
  }, 60_000)

  test('a second Ctrl-C stops at once, and what was in flight is unknown, not lost', async () => {
    const { dir, server, run } = await running()
    run.process.kill('SIGINT')
    await new Promise((resolve) => run.process.stderr!.once('data', resolve))
    run.process.kill('SIGINT')
    expect((await run.finished).exitCode).toBe(130)
    const { settled = 0, sent = 0, unknown = 0 } = attemptsIn(dir)
    expect(settled + sent + unknown).toBeGreaterThanOrEqual(server.stats().billed)
    const rest = await cliJson<{ isClosed: boolean }>(dir, ['run'])
    expect(rest.isClosed).toBe(true)
    expect(server.stats().billedAgain).toBeLessThanOrEqual(attemptsIn(dir).unknown ?? 0)
  }, 60_000)
})

describe.skipIf(!canMount())('a disk that is full', () => {
  /** A mount of so many bytes, with the planned workspace on it. */
  async function smallDisk(freeBytes: number): Promise<{ dir: string; grow: () => void }> {
    await setup()
    const mount = newFolder()
    const used = spawnSync('du', ['-sb', template], { encoding: 'utf8' }).stdout.split('\t')[0]
    const size = (bytes: number) => `size=${Math.ceil(bytes / 1_024)}k`
    const first = Number(used) + freeBytes
    spawnSync('mount', ['-t', 'tmpfs', '-o', size(first), 'tmpfs', mount])
    onTestFinished(() => void spawnSync('umount', ['-l', mount]))
    cpSync(template, join(mount, 'rff'), { recursive: true })
    return {
      dir: join(mount, 'rff'),
      grow: () => void spawnSync('mount', ['-o', `remount,${size(first + 64_000_000)}`, mount]),
    }
  }

  test('pauses the run with exit 6, and after room is made it goes on with nothing lost', async () => {
    const { dir, grow } = await smallDisk(250_000)
    const full = await cli(dir, ['run'])
    expect([full.exitCode, full.stderr]).toEqual([6, expect.stringMatching(/disk_full: /)])
    expect(full.stderr).toMatch(/make room, then run again/)
    grow()
    expect(await cliJson(dir, ['run'])).toMatchObject({ isClosed: true, todo: 0 })
    expect((await cli(dir, ['audit', '--deep'])).exitCode).toBe(0)
  }, 120_000)

  test('leaves a merge unpublished, and the next one publishes', async () => {
    const { dir, grow } = await smallDisk(64_000_000)
    await cliJson(dir, ['run'])
    const filler = join(dir, '../filler')
    writeFileSync(filler, Buffer.alloc(freeOn(dir) - 300_000))
    const full = await cli(dir, ['merge'])
    expect([full.exitCode, full.stderr]).toEqual([6, expect.stringMatching(/disk_full: /)])
    expect(existsSync(join(dir, 'field/_current/MERGED'))).toBe(false)
    rmSync(filler)
    grow()
    expect((await cli(dir, ['merge'])).exitCode).toBe(0)
  }, 120_000)

  test('stops a plan with exit 6, and the same plan goes on', async () => {
    const { dir, grow } = await smallDisk(150_000)
    const more = factsFile(newFolder(), 1_659)
    const full = await cli(dir, ['plan', more])
    expect([full.exitCode, full.stderr]).toEqual([6, expect.stringMatching(/disk_full: /)])
    grow()
    expect((await cli(dir, ['plan', more])).exitCode).toBe(0)
    expect((await cli(dir, ['audit', '--deep'])).exitCode).toBe(0)
  }, 120_000)

  const freeOn = (dir: string): number =>
    Number(spawnSync('df', ['-B1', '--output=avail', dir], { encoding: 'utf8' }).stdout.trim().split('\n')[1])
})

/** Only root may, and not in every container. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  const probe = mkdtempSync(join(tmpdir(), 'rff-test-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]).status === 0
  if (mounted) spawnSync('umount', [probe])
  rmSync(probe, { recursive: true })
  return mounted
}
