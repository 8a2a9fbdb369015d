/** Somebody has a transaction of control.sqlite open and goes for coffee: longer than SQLite waits for a lock. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { cliJson, startCli } from '../support/cli.ts'
import { plannedWorld, useServer, type World } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

async function setup(args: readonly string[]) {
  const server = await startSimServer({ seed: 5, latency: { medianMs: 400, sigma: 0.1 } })
  onTestFinished(() => server.close())
  const world = await plannedWorld({ facts: 250, shards: 1 })
  useServer(world, server.url, 'inFlight = 2\nthreads = 1\nleaseMs = 3000\n', 60_000)
  const running = startCli(world.dir, ['run', ...args])
  onTestFinished(() => void running.process.kill('SIGKILL'))
  while (server.stats().billed < 3) await sleep(5)
  return { server, world, running }
}

/** @returns what lets go of the file */
function lockControl({ dir }: World): () => void {
  const control = new Database(join(dir, 'control.sqlite'))
  control.exec('BEGIN IMMEDIATE')
  return () => void control.close()
}

interface RunJson {
  readonly isClosed: boolean
}

test('a run that needs nothing of it goes on, and one that needs a grant ends with 8 and loses nothing', async () => {
  const [free, capped] = await Promise.all([setup([]), setup(['--max-calls', '5000'])])
  const unlock = [free, capped].map(({ world }) => lockControl(world))
  // SQLite waits for ten seconds; the run without a cap has beaten its heart in vain by then.
  await sleep(13_000)
  for (const open of unlock) open()
  expect(await free.running.finished).toMatchObject({ exitCode: 0 })
  const { exitCode, stderr } = await capped.running.finished
  if (exitCode !== 0) {
    expect([exitCode, stderr]).toEqual([8, expect.stringMatching(/lock_held: .*locked by a process/)])
    expect(await cliJson<RunJson>(capped.world.dir, ['run'])).toMatchObject({ isClosed: true })
  }
  for (const { world, server } of [free, capped]) {
    expect(world.conservation()).toMatchObject({ todo: 0, difference: 0 })
    expect(server.stats().billedAgain).toBe(0)
  }
})
