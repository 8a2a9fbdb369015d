/** Two processes never work on one shard, the dead lose theirs, and a sleeper that wakes changes nothing. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { claimLease, shardScope } from '../../src/control/lease.ts'
import { openWorkspace } from '../../src/control/workspace.ts'
import { cli, cliJson, type RunningCli, startCli } from '../support/cli.ts'
import { factsFile, fieldDigest, plannedWorld, useServer, type World } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

interface RunJson {
  readonly isClosed: boolean
  readonly todo: number
  readonly counts: { readonly asked: number }
}

/** A run lasts for as long as the test holds its answers. */
async function setup() {
  const server = await startSimServer({ seed: 11, latency: { medianMs: 40, sigma: 0.2 } })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts: 400, shards: 2 })
  useServer(world, server.url, 'leaseMs = 3000\ninFlight = 4\nthreads = 2\n', DEADLINE_MS)
  const start = (...args: string[]): RunningCli => {
    const running = startCli(world.dir, args)
    onTestFinished(() => void running.process.kill('SIGKILL'))
    return running
  }
  const billedAtLeast = (n: number) => until(() => server.stats().billed >= n)
  /** @returns what lets the run go on, that is under way now */
  const hold = async (n: number): Promise<() => void> => {
    await billedAtLeast(n)
    return server.holdAnswers()
  }
  return { server, world, start, billedAtLeast, hold }
}

/** Longer than any answer is held. */
const DEADLINE_MS = 200_000

const until = async (isThere: () => boolean): Promise<void> => {
  while (!isThere()) await sleep(5)
}

/** Whatever the shards and the files for people hold, the epoch included. */
function contentOf(world: World): string {
  const hash = createHash('sha256')
  for (const table of ['meta', 'frontier', 'done', 'attempts', 'answers', 'structures', 'grants', 'cursors'])
    hash.update(JSON.stringify(world.shardRows(`SELECT * FROM ${table}`)))
  const runs = join(world.dir, 'runs')
  for (const tag of readdirSync(runs))
    for (const name of readdirSync(join(runs, tag))
      .filter((one) => one.endsWith('.jsonl'))
      .sort())
      hash.update(readFileSync(join(runs, tag, name)))
  return hash.digest('hex')
}

function attemptsByState(world: World): Record<string, number> {
  const rows = world.shardRows<{ state: string; n: number }>(
    "SELECT state, count(*) AS n FROM attempts WHERE provider = 'sim' GROUP BY state",
  )
  const sum: Record<string, number> = {}
  for (const { state, n } of rows) sum[state] = (sum[state] ?? 0) + n
  return sum
}

test('a shard that is lost in the middle takes no place from those that go on', async () => {
  const { world, server, start, hold } = await setup()
  const running = start('--json', 'run', '--threads', '1')
  const goOn = await hold(8)
  await until(() => server.stats().inFlight > 0)
  const lost = new Database(join(world.dir, 'shards/0000.sqlite'))
  lost.exec("UPDATE meta SET value = value + 1 WHERE key = 'epoch'") // as whoever takes it over
  lost.close()
  goOn()
  const { exitCode, stdout } = await running.finished
  const { shards } = JSON.parse(stdout) as { shards: { shardNo: number; stop: { code: string } | null }[] }
  expect(shards.map(({ shardNo, stop }) => [shardNo, stop?.code])).toEqual([
    [0, 'lease_lost'],
    [1, undefined],
  ])
  expect(exitCode).toBe(8)
}, 60_000)

test('a holder that was killed loses its shards at once, however long the lease', async () => {
  const { world, server, start, billedAtLeast } = await setup()
  useServer(world, server.url, 'leaseMs = 3600000\n', DEADLINE_MS)
  const killed = start('run')
  await billedAtLeast(5)
  killed.process.kill('SIGKILL')
  await killed.finished
  expect(await cliJson<RunJson>(world.dir, ['run'])).toMatchObject({ isClosed: true, todo: 0 })
})

test('a second run on held shards is refused with the holder s name, and the first is not disturbed', async () => {
  const { world, start, hold } = await setup()
  const first = start('--json', 'run')
  const release = await hold(5)
  const second = await cli(world.dir, ['run', '--shard', '0'])
  expect(second).toMatchObject({ exitCode: 8 })
  expect(second.stderr).toMatch(new RegExp(`lock_held: .*0 by .* process ${first.process.pid}`))
  release()
  const { exitCode, stdout } = await first.finished
  expect([exitCode, (JSON.parse(stdout) as RunJson).isClosed]).toEqual([0, true])
})

test('a sleeper loses its shards after the lease time, and when it wakes it changes nothing', async () => {
  const { world, server, start, billedAtLeast } = await setup()
  const sleeper = start('run')
  await billedAtLeast(10)
  await stopOutsideWrites(world, sleeper)
  const next = await cliJson<RunJson>(world.dir, ['run'])
  expect(next).toMatchObject({ isClosed: true, todo: 0 })
  const before = contentOf(world)
  sleeper.process.kill('SIGCONT')
  const woken = await sleeper.finished
  expect(woken.exitCode).toBe(8)
  expect(woken.stderr).toMatch(/lease_lost/)
  expect(contentOf(world)).toBe(before)
  expect(world.conservation()).toMatchObject({ todo: 0, difference: 0 })
  const { settled = 0, unknown = 0 } = attemptsByState(world)
  expect(settled + unknown).toBeGreaterThanOrEqual(server.stats().billed)
  expect(server.stats().billedAgain).toBeLessThanOrEqual(unknown)
  expect(unknown).toBeLessThanOrEqual(8)
})

test('a sleeper that wakes before the lease time is over keeps its shards', async () => {
  const { world, server, start, hold } = await setup()
  useServer(world, server.url, 'leaseMs = 120000\ninFlight = 4\nthreads = 2\n', DEADLINE_MS)
  const sleeper = start('--json', 'run')
  const release = await hold(10)
  sleeper.process.kill('SIGSTOP')
  const second = start('run')
  await sleep(2_000) // enough to watch, and in any case less than the lease time
  sleeper.process.kill('SIGCONT')
  expect(await second.finished).toMatchObject({ exitCode: 8 })
  release()
  const { exitCode, stdout } = await sleeper.finished
  expect([exitCode, (JSON.parse(stdout) as RunJson).isClosed]).toEqual([0, true])
})

/** A process that is stopped while it holds a file's lock holds it until it goes on; that is another test. */
async function stopOutsideWrites(world: World, { process: child }: RunningCli): Promise<void> {
  for (;;) {
    child.kill('SIGSTOP')
    await until(() => isStopped(child.pid!))
    if (isEveryShardFree(world)) return
    child.kill('SIGCONT')
    await sleep(20)
  }
}

/** Each thread: one that is in a system call ends it first, and may get a lock by it. */
const isStopped = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every((thread) =>
    /\) T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
  )

function isEveryShardFree(world: World): boolean {
  return ['0000', '0001'].every((name) => {
    const db = new Database(join(world.dir, `shards/${name}.sqlite`), { timeout: 50 })
    try {
      db.exec('BEGIN IMMEDIATE; ROLLBACK')
      return true
    } catch (cause) {
      if ((cause as { code?: string }).code === 'SQLITE_BUSY') return false
      throw cause
    } finally {
      db.close()
    }
  })
}

test('plan during a run is refused with the holder s name, and nothing of it is written', async () => {
  const { world, start, hold } = await setup()
  const running = start('run')
  const release = await hold(5)
  const more = factsFile(join(world.dir, '..'), 500)
  const plan = await cli(world.dir, ['plan', more])
  expect(plan.exitCode).toBe(8)
  expect(plan.stderr).toMatch(new RegExp(`shard:0 is held by .* process ${running.process.pid}`))
  release()
  expect((await running.finished).exitCode).toBe(0)
})

test('run, plan, split and an iteration while a plan is made are refused with the holder s name', async () => {
  const world = await plannedWorld({ facts: 100, shards: 2 })
  const { pipe, planning } = await startPlanOfPipe(world)
  for (const args of [
    ['run'],
    ['plan', factsFile(join(world.dir, '..'))],
    ['plan', '--split', '0'],
    ['loop', 'once'],
  ]) {
    const refused = await cli(world.dir, args)
    expect([args[0], refused.exitCode]).toEqual([args[0], 8])
    expect(refused.stderr).toMatch(new RegExp(`plan is held by .* process ${planning.process.pid}`))
  }
  closeSync(pipe)
  expect((await planning.finished).exitCode).toBe(0)
  expect(await cliJson<RunJson>(world.dir, ['run'])).toMatchObject({ isClosed: true, todo: 0 })
})

/** A plan that goes on for as long as its pipe is open. */
async function startPlanOfPipe(world: World) {
  const path = join(world.dir, 'pipe')
  execFileSync('mkfifo', [path])
  const planning = startCli(world.dir, ['plan', path])
  onTestFinished(() => void planning.process.kill('SIGKILL'))
  const pipe = openSync(path, 'r+') // so that it opens before its reader does
  writeSync(pipe, '{"fact_id":"new","text":"A pipe holds what is put into it."}\n')
  await until(() => holderOf(world, 'plan') !== null)
  return { pipe, planning }
}

function holderOf(world: World, scope: string): string | null {
  const control = new Database(join(world.dir, 'control.sqlite'), { readonly: true })
  try {
    const holder = control.prepare('SELECT holder FROM leases WHERE scope = ?').pluck().get(scope)
    return (holder as string | null | undefined) ?? null
  } finally {
    control.close()
  }
}

test('split during a run is refused with the holder s name, and the shard stays whole', async () => {
  const { world, start, hold } = await setup()
  const running = start('run')
  const release = await hold(5)
  const split = await cli(world.dir, ['plan', '--split', '1'])
  expect(split.exitCode).toBe(8)
  expect(split.stderr).toMatch(new RegExp(`shard:1 is held by .* process ${running.process.pid}`))
  expect(readdirSync(join(world.dir, 'shards')).filter((name) => !/^000[01]\.sqlite/.test(name))).toEqual([])
  release()
  expect((await running.finished).exitCode).toBe(0)
})

test('of two that take over from the same sleeper each shard goes to one, and nothing is done twice', async () => {
  const { world, server, start, billedAtLeast } = await setup()
  const sleeper = start('run')
  await billedAtLeast(10)
  await stopOutsideWrites(world, sleeper)
  const both = await Promise.all([cli(world.dir, ['run']), cli(world.dir, ['run'])])
  expect(both.map(({ exitCode }) => exitCode).every((code) => code === 0 || code === 8)).toBe(true)
  sleeper.process.kill('SIGCONT')
  expect((await sleeper.finished).exitCode).toBe(8)
  expect(world.conservation()).toMatchObject({ todo: 0, difference: 0 })
  const twice = world.shardRows(
    "SELECT cluster_id FROM attempts WHERE state = 'settled' AND reused_attempt_id IS NULL GROUP BY cluster_id, lane HAVING count(*) > 1",
  )
  expect(twice).toEqual([])
  const { unknown = 0 } = attemptsByState(world)
  expect(server.stats().billedAgain).toBeLessThanOrEqual(unknown)
})

test('merge during a run reads what is done, and says that the field is not complete', async () => {
  const { world, start, hold } = await setup()
  writeFileSync(
    join(world.dir, 'rff.toml'),
    `${readFileSync(join(world.dir, 'rff.toml'), 'utf8')}\n[gates.ok_rate]\nseverity = "info"\n`,
  )
  const running = start('run')
  const release = await hold(40)
  await until(() => world.shardRows('SELECT 1 FROM delta_concepts').length > 0)
  const merge = await cliJson<{ manifest: { complete: boolean } }>(world.dir, ['merge'])
  expect(merge.manifest.complete).toBe(false)
  release()
  expect((await running.finished).exitCode).toBe(0)
  const whole = await cliJson<{ manifest: { complete: boolean } }>(world.dir, ['merge'])
  expect(whole.manifest.complete).toBe(true)
})

test('of two merges one is made and the other is refused or finds nothing to do, and the field is whole', async () => {
  const world = await plannedWorld({ facts: 300, shards: 2 })
  await cliJson(world.dir, ['run'])
  const both = await Promise.all([cli(world.dir, ['merge']), cli(world.dir, ['merge'])])
  for (const { exitCode, stderr } of both) {
    expect([0, 8]).toContain(exitCode)
    if (exitCode === 8) expect(stderr).toMatch(/merge is held by .* process \d+/)
  }
  const digest = fieldDigest(world)
  await cliJson(world.dir, ['merge'])
  expect(fieldDigest(world)).toBe(digest)
  const control = new Database(join(world.dir, 'control.sqlite'), { readonly: true })
  onTestFinished(() => void control.close())
  expect(control.prepare("SELECT count(*) FROM fields WHERE state = 'building'").pluck().get()).toBe(0)
})

test('a process that stands still inside a write cannot be passed, and is named', async () => {
  const world = await plannedWorld({ facts: 100, shards: 1 })
  const shard = new Database(join(world.dir, 'shards/0000.sqlite'))
  onTestFinished(() => void shard.close())
  shard.exec('BEGIN IMMEDIATE')
  const run = await cli(world.dir, ['run'])
  expect(run.exitCode).toBe(8)
  expect(run.stderr).toMatch(/lock_held: .*0000\.sqlite is locked by a process that does not let go/)
})

test('the audit view names who holds what', async () => {
  const world = await plannedWorld({ facts: 60, shards: 1 })
  const workspace = openWorkspace(world.dir, 'use')
  onTestFinished(() => workspace.close())
  claimLease(workspace.control, shardScope(0), 0)
  expect(workspace.control.prepare('SELECT scope, pid FROM audit_leases').all()).toEqual([
    { scope: 'shard:0', pid: process.pid },
  ])
})
