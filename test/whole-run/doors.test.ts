/**
 * What a name may lead to, and who else on the machine may come in. The page's own doors are in test/web/guard.test.ts, the
 * archives' in hostile-archives.test.ts.
 */
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { cli, cliJson, startCli } from '../support/cli.ts'
import { factsFile, openWorld, plannedWorld, useServer } from '../support/demo-world.ts'
import { folderOfFile, newFolder } from '../support/folder.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const root = folderOfFile()
const dir = join(root, 'rff')
beforeAll(async () => {
  await plannedWorld({ facts: 24, shards: 1, folder: root })
  await cliJson(dir, ['run'])
  await cliJson(dir, ['merge'])
}, 120_000)

const OUTSIDE = '../../../etc/passwd'

test.each([
  [['stage', 'link', '--from', OUTSIDE], 'usage'],
  [['stage', 'link', '--from', '..'], 'usage'],
  [['export', '--format', 'jsonl', '--out', 'OUT', '--field', OUTSIDE], 'usage'],
  [['search', '--field', '../field/_current', 'quokka'], 'usage'],
  [['health', OUTSIDE], 'usage'],
  [['eval', '--field', '..'], 'usage'],
  [['archive', 'restore', OUTSIDE], 'not_found'],
  [['archive', 'verify', '../archives/x'], 'not_found'],
  [['quarantine', 'show', OUTSIDE], 'not_found'],
  [['inspect', OUTSIDE], 'not_found'],
] as const)('a name is looked up, never walked along: %j is %s', async (args, code) => {
  const out = join(newFolder(), 'out')
  const before = namesBelow(root)
  const words = args.map((arg) => (arg === 'OUT' ? out : arg))
  const { exitCode, stderr } = await cli(dir, words)
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(new RegExp(`^rff-shard: ${code}: `, 'm'))])
  expect(namesBelow(root)).toEqual(before)
})

const namesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/-(?:wal|shm)$/.test(name))
    .sort()

/** Files and folders below, with the bits of their modes that let others in. */
const openToOthers = (folder: string): string[] =>
  namesBelow(folder)
    .filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0)
    .map((name) => `${name} ${(statSync(join(folder, name)).mode & 0o777).toString(8)}`)

/** Of this process and all that it starts. */
function withUmask(mask: number): void {
  const before = process.umask(mask)
  onTestFinished(() => void process.umask(before))
}

test('under umask 077 no file and no folder of a workspace lets others in', async () => {
  withUmask(0o077)
  const world = openWorld()
  await cliJson(world.dir, ['plan', factsFile(newFolder(), 24), '--shards', '1'])
  await cliJson(world.dir, ['run', '--limit', '2'])
  await cliJson(world.dir, ['merge'])
  await cliJson(world.dir, ['run', '--new'])
  await cliJson(world.dir, ['merge'])
  await cliJson(world.dir, ['archive', 'create', '--keep', '1'])
  expect(namesBelow(world.dir).length).toBeGreaterThan(20)
  expect(openToOthers(world.dir)).toEqual([])
}, 120_000)

test('whatever the umask is, sockets and the token of the page are for their owner alone', async () => {
  withUmask(0)
  const server = await startSimServer({ seed: 3 })
  onTestFinished(() => server.close())
  const letGo = server.holdAnswers()
  const world = await plannedWorld({ facts: 24, shards: 1 })
  useServer(world, server.url, '', 60_000)
  const run = startCli(world.dir, ['run'])
  const serve = startCli(world.dir, ['serve', '--port', '0'])
  onTestFinished(() => {
    for (const { process } of [run, serve]) process.kill('SIGKILL')
  })
  const isThere = (pattern: RegExp) => namesBelow(world.dir).some((name) => pattern.test(name))
  while (!(isThere(/^ctl\/\d+\.sock$/) && isThere(/^page\.token$/) && server.stats().requests > 0))
    await new Promise((resolve) => setTimeout(resolve, 10))
  const modeOf = (name: string): string => (statSync(join(world.dir, name)).mode & 0o777).toString(8)
  expect(['ctl', `ctl/${run.process.pid}.sock`, 'page.token'].map(modeOf)).toEqual(['700', '600', '600'])
  letGo()
  expect((await run.finished).exitCode).toBe(0)
}, 120_000)

test('a keys file that others could read is refused before anything is sent', async () => {
  const path = join(newFolder(), 'keys.env')
  writeFileSync(path, 'OPENAI_API_KEY=sk-not-a-key-0123456789\n', { mode: 0o640 })
  const asked = ['run', '--new', '--model', 'openai/gpt-5-mini', '--max-usd', '1']
  const { exitCode, stderr } = await cli(dir, asked, { RFF_KEYS_FILE: path })
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/has mode 0640.*chmod 600/)])
  expect(stderr).not.toContain('sk-not-a-key')
})
