/** A key is in the environment or in its file, and in nothing that a run, a crash and a debug log leave behind. */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cli, type Finished, startCli } from '../support/cli.ts'
import { plannedWorld } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

/** It does not look like a key, so only knowing it takes it out. */
const KEY = 'correct horse battery staple 77'
const WRONG_KEY = 'wrong horse battery staple 78'

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

test('no file and no message holds a key, after a run, a kill, a refusal and at the debug level', async () => {
  const server = await startSimServer({
    ...{ seed: 9, key: KEY, latency: { medianMs: 60, sigma: 0.3 } },
    faults: { server_error: 0.05, reset_in_body: 0.03, broken_json: 0.05, off_schema: 0.05 },
  })
  onTestFinished(() => server.close())
  const { dir } = await plannedWorld({ facts: 60, shards: 2, args: ['--every'] })
  const settings = `[models]\nprimary = "sim/model-a"\n[providers.sim]\nbaseUrl = "${server.url}"\nkeyVariable = "SIM_KEY"\n[run]\nbackoffMs = 20\n`
  writeFileSync(join(dir, 'rff.toml'), settings)
  const keysFile = join(dirname(dir), 'keys.env')
  writeFileSync(keysFile, `SIM_KEY="${KEY}"\n`)
  chmodSync(keysFile, 0o600)
  const debug = ['--log-level', 'debug']
  const fromFile = { RFF_KEYS_FILE: keysFile }
  const said: Finished[] = []

  const refused = await cli(dir, [...debug, 'run'], { SIM_KEY: WRONG_KEY })
  expect(refused.exitCode).toBe(6)
  const killed = startCli(dir, [...debug, 'run'], fromFile)
  while (server.stats().billed < 15) await new Promise((resolve) => setTimeout(resolve, 2))
  killed.process.kill('SIGKILL')
  said.push(refused, await killed.finished)
  for (const line of [[...debug, '--json', 'run'], ['doctor', '--ask'], ['status'], ['spend', 'show']]) {
    const finished = await cli(dir, line, fromFile)
    expect([line, finished.exitCode]).toEqual([line, 0])
    said.push(finished)
  }

  const places = [
    ...filesUnder(dir).map((path) => [path, readFileSync(path).toString('latin1')] as const),
    ...said.map(({ stdout, stderr }, at) => [`output ${at}`, stdout + stderr] as const),
  ]
  expect(places.some(([path, text]) => path.endsWith('run.log') && text.length > 0)).toBe(true)
  expect(places.some(([path]) => path.endsWith('limits.sqlite'))).toBe(true)
  const holders = places.filter(([, text]) => text.includes(KEY) || text.includes(WRONG_KEY))
  expect(holders.map(([path]) => path)).toEqual([])
}, 300_000)
