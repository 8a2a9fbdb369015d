/** A wall clock that jumps by an hour while the program runs: names and stamps differ, nothing else does. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson, startCli } from '../support/cli.ts'
import { fieldDigest, plannedWorld, useServer, type World } from '../support/demo-world.ts'
import { newFolder } from '../support/folder.ts'
import { canPreload } from '../support/preload/preload.ts'
import { clockThatJumps } from '../support/preload/shift-clock.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const HOUR_S = 3_600

if (!canPreload) console.warn('no C compiler here: clocks that jump are not tested')

/** @returns a world whose run was through its jump, and has ended well */
async function runThroughJump(seconds: number): Promise<World> {
  const server = await startSimServer({
    seed: 8,
    latency: { medianMs: 150, sigma: 0.3 },
    faults: { server_error: 0.05 },
  })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts: 120, shards: 2 })
  useServer(world, server.url, 'inFlight = 2\nthreads = 2\nleaseMs = 5000\n', 60_000)
  const clock = clockThatJumps(seconds, newFolder())
  const running = startCli(world.dir, ['run', '--max-calls', '5000'], clock.env)
  onTestFinished(() => void running.process.kill('SIGKILL'))
  while (server.stats().billed < 10) await sleep(5)
  clock.jump()
  const { exitCode, stderr } = await running.finished
  expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/clusters in (?:\d+ ms|[\d.]+ s)\n/)])
  return world
}

async function digestOf(world: World): Promise<string> {
  await cliJson(world.dir, ['merge'])
  expect(world.conservation()).toMatchObject({ todo: 0, quarantined: 0, difference: 0 })
  expect((await cli(world.dir, ['audit', '--deep'])).exitCode).toBe(0)
  return fieldDigest(world)
}

/** Between the first and the last line of the run's log. */
function secondsOfLog({ dir }: World): number {
  const [tag] = readdirSync(join(dir, 'runs')).filter((name) => /^\d{8}_/.test(name))
  const lines = readFileSync(join(dir, 'runs', tag!, 'run.log'), 'utf8')
    .trimEnd()
    .split('\n')
  const [first, last] = [lines[0]!, lines.at(-1)!].map((line) => new Date((JSON.parse(line) as Line).time))
  return (last!.getTime() - first!.getTime()) / 1_000
}

interface Line {
  readonly time: string | number
}

test.skipIf(!canPreload)(
  'a run whose clock jumps by an hour, forwards or backwards, ends in the field of one whose clock does not',
  async () => {
    const digests = new Set<string>()
    for (const seconds of [0, HOUR_S, -HOUR_S]) {
      const world = await runThroughJump(seconds)
      expect(Math.round(secondsOfLog(world) / HOUR_S), 'hours that the log tells of').toBe(seconds / HOUR_S)
      digests.add(await digestOf(world))
    }
    expect(digests.size).toBe(1)
  },
)
