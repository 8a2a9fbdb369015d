/** The loop as a process: iteration after iteration, through failures, signals, pauses and kills. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { LoopStatus } from '../../src/control/loop/steer-loop.ts'
import { cli, cliJson, type RunningCli, startCli } from '../support/cli.ts'
import { fieldDigest, plannedWorld, type World } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

interface LoopJson {
  readonly end: string
  readonly iterations: readonly {
    readonly iterationNo: number
    readonly seeds: number
    readonly tries: number
  }[]
}

interface IndexLine {
  readonly iteration: number
  readonly try: number
  readonly state: string
  readonly field_tag: string | null
  readonly failure: { readonly code: string } | null
}

const SMALL = '[loop]\nseedsPerIteration = [20, 40]\nbackoffMs = 10\nbackoffMaxMs = 50\n'

async function setup(settings = SMALL): Promise<World> {
  const world = await plannedWorld({ facts: 250, shards: 2 })
  writeFileSync(join(world.dir, 'rff.toml'), settings)
  return world
}

const indexOf = (world: World): IndexLine[] =>
  readFileSync(join(world.dir, 'runs/index.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as IndexLine)

const statusOf = (world: World) => cliJson<LoopStatus>(world.dir, ['loop', 'status'])

function start(world: World, ...args: string[]): RunningCli {
  const running = startCli(world.dir, args)
  onTestFinished(() => void running.process.kill('SIGKILL'))
  return running
}

const until = async (isThere: () => boolean): Promise<void> => {
  while (!isThere()) await sleep(10)
}

async function digestOfOneGo(): Promise<string> {
  const world = await plannedWorld({ facts: 250, shards: 2 })
  await cliJson(world.dir, ['run'])
  await cliJson(world.dir, ['merge'])
  return fieldDigest(world)
}

/** A server that the loop's seeds take some time at. */
async function withServer(world: World, medianMs: number, more = ''): Promise<void> {
  const server = await startSimServer({ seed: 3, latency: { medianMs, sigma: 0.1 } })
  onTestFinished(() => server.close())
  writeFileSync(
    join(world.dir, 'rff.toml'),
    `[models]\nprimary = "sim/model-a"\n[providers.sim]\nbaseUrl = "${server.url}"\n[run]\ninFlight = 4\nthreads = 1\n${SMALL}${more}`,
  )
}

test('iterations follow the schedule until nothing is left, and give the field of one go', async () => {
  const world = await setup()
  const { end, iterations } = await cliJson<LoopJson>(world.dir, ['loop', 'start'])
  expect(end).toBe('nothing_left')
  expect(iterations.map(({ seeds }) => seeds).slice(0, 3)).toEqual([20, 40, 40].slice(0, iterations.length))
  expect(world.conservation()).toMatchObject({ todo: 0, difference: 0 })
  expect(indexOf(world).map(({ iteration, state }) => [iteration, state])).toEqual(
    iterations.map(({ iterationNo }) => [iterationNo, 'done']),
  )
  expect(fieldDigest(world)).toBe(await digestOfOneGo())
  expect(await cliJson<LoopJson>(world.dir, ['loop', 'once'])).toMatchObject({
    end: 'nothing_left',
    iterations: [],
  })
}, 120_000)

test('once is one iteration of so many seeds, for cron', async () => {
  const world = await setup()
  expect(await cliJson<LoopJson>(world.dir, ['loop', 'once'])).toMatchObject({
    end: 'once',
    iterations: [{ seeds: 20 }],
  })
  const { ok, quarantined } = world.conservation()
  expect(ok + quarantined).toBe(20)
})

test('a loop that is killed again and again ends where an undisturbed one ends', async () => {
  const world = await setup()
  for (const afterMs of [700, 1_100, 1_500, 1_900]) {
    const running = start(world, 'loop', 'start')
    const timer = setTimeout(() => running.process.kill('SIGKILL'), afterMs)
    await running.finished
    clearTimeout(timer)
    expect(world.conservation().difference).toBe(0)
  }
  await cliJson(world.dir, ['loop', 'start'])
  expect(fieldDigest(world)).toBe(await digestOfOneGo())
  const done = indexOf(world).filter(({ state }) => state === 'done')
  expect(new Set(done.map(({ iteration }) => iteration)).size).toBe(done.length)
}, 120_000)

test('stop lets the iteration finish, and the next start goes on behind it', async () => {
  const world = await setup()
  await withServer(world, 120)
  const running = start(world, '--json', 'loop', 'start')
  await until(() => existsSync(join(world.dir, 'runs')) && readdirSync(join(world.dir, 'runs')).length > 0)
  const stopped = await cliJson<{ stopping: string }>(world.dir, ['loop', 'stop'])
  expect(stopped.stopping).toMatch(new RegExp(`process ${running.process.pid}$`))
  const { exitCode, stdout } = await running.finished
  expect([exitCode, (JSON.parse(stdout) as LoopJson).end]).toEqual([0, 'stopped'])
  const { ok, quarantined, todo } = world.conservation()
  expect([ok + quarantined, todo > 0]).toEqual([20, true])
  expect(await cliJson<{ stopping: null }>(world.dir, ['loop', 'stop'])).toEqual({ stopping: null })
  expect(await cliJson<LoopJson>(world.dir, ['loop', 'start'])).toMatchObject({ end: 'nothing_left' })
}, 120_000)

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)(
  '%s ends it with %i, and its iteration is gone on with',
  async (signal, exitCode) => {
    const world = await setup()
    await withServer(world, 150)
    const running = start(world, 'loop', 'start')
    await until(() => world.conservation().ok > 0)
    running.process.kill(signal)
    expect((await running.finished).exitCode).toBe(exitCode)
    const [current] = (await statusOf(world)).iterations
    expect(current).toMatchObject({ iterationNo: 1, state: 'running' })
    const { iterations } = await cliJson<LoopJson>(world.dir, ['loop', 'once'])
    expect(iterations).toMatchObject([{ iterationNo: 1, tries: 2 }])
    const { ok, quarantined } = world.conservation()
    expect(ok + quarantined).toBe(20)
  },
  120_000,
)

test('there is one loop at a time, and the second one is told who the first is', async () => {
  const world = await setup()
  await withServer(world, 150)
  const first = start(world, 'loop', 'start')
  await until(() => world.conservation().ok > 0)
  const second = await cli(world.dir, ['loop', 'once'])
  expect(second.exitCode).toBe(8)
  expect(second.stderr).toMatch(new RegExp(`loop is held by .* process ${first.process.pid}`))
}, 60_000)

test('a blocking gate pauses it with exit 3 and an alert, until a person resumes', async () => {
  const world = await setup()
  const heard = join(world.dir, 'alert.json')
  const alert = `[alert]\ncommand = ["sh", "-c", "cat > ${heard}"]\n`
  writeFileSync(
    join(world.dir, 'rff.toml'),
    `${SMALL}${alert}[gates.ok_rate]\nseverity = "block"\nlimit = 1.1\n`,
  )
  const paused = await cli(world.dir, ['loop', 'start'])
  expect([paused.exitCode, paused.stderr]).toEqual([3, expect.stringMatching(/gate_failed: ok_rate/)])
  expect(JSON.parse(readFileSync(heard, 'utf8'))).toMatchObject({
    kind: 'loop_paused',
    code: 'gate_failed',
    iteration: 1,
  })
  const again = await cli(world.dir, ['loop', 'start'])
  expect([again.exitCode, again.stderr]).toEqual([3, expect.stringMatching(/loop_paused: .*gate_failed/)])
  expect(await statusOf(world)).toMatchObject({
    state: 'paused',
    iterations: [{ state: 'failed', step: 'merge' }],
  })

  writeFileSync(join(world.dir, 'rff.toml'), SMALL)
  await cliJson(world.dir, ['loop', 'resume'])
  const { iterations } = await cliJson<LoopJson>(world.dir, ['loop', 'once'])
  expect(iterations).toMatchObject([{ iterationNo: 1, tries: 2 }])
  expect(indexOf(world).map(({ try: nth, state }) => [nth, state])).toEqual([
    [1, 'failed'],
    [2, 'done'],
  ])
}, 120_000)

test('the same failure three times pauses it, and a webhook hears of it', async () => {
  const world = await setup()
  const heard: string[] = []
  const hook = createServer((request, response) => {
    request.on('data', (chunk) => heard.push(String(chunk))).on('end', () => response.end())
  })
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void hook.close())
  const { port } = hook.address() as AddressInfo
  writeFileSync(join(world.dir, 'rff.toml'), `${SMALL}[alert]\nwebhook = "http://127.0.0.1:${port}/"\n`)
  writeFileSync(join(world.dir, 'shards/0001.sqlite'), 'this is no database, it has been written over')
  const paused = await cli(world.dir, ['loop', 'start'])
  expect(paused.exitCode).toBe(7)
  expect(paused.stderr.match(/trying again in/g)).toHaveLength(2)
  expect(heard.map((text) => JSON.parse(text))).toMatchObject([
    { kind: 'loop_paused', code: 'shard_damaged' },
  ])
  expect(await statusOf(world)).toMatchObject({ state: 'paused', strikes: 3, lastCode: 'shard_damaged' })
}, 120_000)

test('a server that comes back is found again without a person', async () => {
  const world = await setup()
  const server = await startSimServer({ seed: 3, script: [{ fault: 'unauthorised', from: 1, to: 9 }] })
  onTestFinished(() => server.close())
  writeFileSync(
    join(world.dir, 'rff.toml'),
    `[models]\nprimary = "sim/model-a"\n[providers.sim]\nbaseUrl = "${server.url}"\n[run]\ninFlight = 4\nthreads = 1\n${SMALL}`,
  )
  const { exitCode, stderr } = await cli(world.dir, ['loop', 'start'])
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/systemic_failure: .*trying again/)
  expect(world.conservation()).toMatchObject({ todo: 0, quarantined: 0 })
}, 120_000)
