/** Runs that go on, steered through the real command line while a slow server keeps them busy. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { SteeredRun } from '../../schemas/steering.ts'
import { isRunning } from '../../src/control/this-process.ts'
import { cli, cliJson, type RunningCli, startCli } from '../support/cli.ts'
import { plannedWorld, useServer } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

interface Told {
  readonly processes: readonly { pid: number; reply: { ok: true; run: SteeredRun } }[]
  readonly budget: { caps: { calls: number }; granted: { calls: number } } | null
}

async function setup({ facts = 90 } = {}) {
  const server = await startSimServer({ seed: 5, latency: { medianMs: 250, sigma: 0.1 } })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts, shards: 2, args: ['--every'] })
  useServer(world, server.url, 'inFlight = 2\nthreads = 1\n')
  const start = (...args: string[]): RunningCli => {
    const running = startCli(world.dir, args)
    onTestFinished(() => void running.process.kill('SIGKILL'))
    return running
  }
  const ctl = (...args: string[]): Promise<Told> => cliJson<Told>(world.dir, ['ctl', ...args])
  const inFlight = (): number =>
    world
      .shardRows<{ n: number }>("SELECT count(*) AS n FROM attempts WHERE state = 'sent'")
      .reduce((sum, { n }) => sum + n, 0)
  return { server, world, start, ctl, inFlight }
}

const until = async (isThere: () => boolean): Promise<void> => {
  while (!isThere()) await sleep(20)
}

test('every process of a run is paused and goes on, one of them where it is named', async () => {
  const { server, world, start, ctl, inFlight } = await setup()
  const first = start('run', '--shard', '0')
  const second = start('run', '--shard', '1')
  await until(() => server.stats().billed >= 4 && server.stats().requests >= 8)

  const { processes } = await ctl('pause')
  expect(processes.map(({ pid }) => pid).sort()).toEqual([first.process.pid, second.process.pid].sort())
  expect(processes.every(({ reply }) => reply.run.paused)).toBe(true)
  await until(() => inFlight() === 0)
  const asked = server.stats().requests
  expect(world.conservation().todo).toBeGreaterThan(10)
  expect((await ctl('status')).processes.every(({ reply }) => reply.run.paused)).toBe(true)
  expect(server.stats().requests).toBe(asked)

  const one = await ctl('resume', '--pid', String(first.process.pid))
  expect(one.processes.map(({ pid }) => pid)).toEqual([first.process.pid])
  await ctl('set', '--in-flight', '40', '--pid', String(first.process.pid))
  expect((await first.finished).exitCode).toBe(0)
  expect(isRunning(second.process.pid!)).toBe(true)
  expect(
    world.shardRows<{ todo: number }>('SELECT todo FROM audit_conservation').map(({ todo }) => todo > 0),
  ).toEqual([false, true])
  await ctl('set', '--in-flight', '40')
  await ctl('resume')
  expect((await second.finished).exitCode).toBe(0)
  expect(world.conservation()).toMatchObject({ todo: 0, difference: 0 })
  expect(await cli(world.dir, ['ctl', 'pause'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('run_not_going'),
  })
})

test('a cap that is lowered ends a run, one that is raised lets the next go on, and the books stay right', async () => {
  const { server, world, start, ctl } = await setup()
  const running = start('--json', 'run', '--max-calls', '5000')
  await until(() => server.stats().billed >= 4)
  const { budget } = await ctl('set', '--max-calls', '6')
  expect(budget!.caps.calls).toBe(6)
  expect(budget!.granted.calls).toBeGreaterThan(6) // a hundredth of 5,000 was handed out: it is used up first
  const ended = await running.finished
  expect(ended.exitCode).toBe(4)
  expect(world.conservation()).toMatchObject({ difference: 0 })
  expect(world.conservation().todo).toBeGreaterThan(0)
  expect((await cli(world.dir, ['audit'])).exitCode).toBe(0)
  expect((await cli(world.dir, ['run', '--max-calls', '5000'])).stderr).toContain('run_caps_differ')
  await ctl('set', '--max-calls', '5000')
  expect((await cli(world.dir, ['run', '--in-flight', '40'])).exitCode).toBe(0)
  expect(world.conservation()).toMatchObject({ todo: 0, difference: 0 })
  expect((await cli(world.dir, ['audit'])).exitCode).toBe(0)
})

test('a detached run lives in a session of its own, writes its log and ends when it is told to', async () => {
  const { world, ctl } = await setup()
  const { pid, log, exit_code } = await cliJson<{ pid: number; log: string; exit_code: null }>(world.dir, [
    'run',
    '--detach',
  ])
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  expect(exit_code).toBeNull()
  expect((await ctl('status')).processes.map((one) => one.pid)).toEqual([pid])
  const session = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[3]
  expect(session).toBe(String(pid))
  process.kill(pid, 'SIGTERM')
  await until(() => !isRunning(pid))
  expect(readFileSync(log, 'utf8')).toContain('finishing what is in flight')
  expect(existsSync(join(world.dir, 'ctl', `${pid}.sock`))).toBe(false)
  expect(world.conservation()).toMatchObject({ difference: 0 })
})

test('a detached run that cannot begin says why, with its own exit code', async () => {
  const { world } = await setup({ facts: 20 })
  const { exitCode, stdout } = await cli(world.dir, ['run', '--detach', '--shard', '77'])
  expect(exitCode).toBe(2)
  expect(stdout).toContain('shard_unknown')
})
