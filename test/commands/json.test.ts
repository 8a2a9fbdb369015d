/** Every command, with --json, held against the schema of what it prints. */
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { errorSchema } from '../../schemas/output/error.ts'
import { OUTPUTS, type OutputName } from '../../schemas/output/outputs.ts'
import { commandNames, loadCommands } from '../../src/commands/commands.ts'
import { type Helm, takeHelm } from '../../src/control/steer/helm.ts'
import { steeringWheel } from '../../src/runner/steering-wheel.ts'
import { cli, startCli } from '../support/cli.ts'
import { factsFile } from '../support/demo-world.ts'
import { fakeContext } from '../support/fake-context.ts'
import { newFolder } from '../support/folder.ts'
import type { HandMade } from '../support/hand-made-workspace.ts'
import { FIELD_TAG, makeMergedWorkspace, structureOfLight } from '../support/merged-workspace.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const commands = await loadCommands()

/** Holds what `line` prints against the schema of `name`; a key that the schema does not know is a fault. */
function check(name: OutputName, stdout: string): unknown {
  const { as, schema } = OUTPUTS[name]
  const pieces = stdout.trimEnd().split('\n')
  if (as === 'document') expect(pieces, `${name} is one document on one line`).toHaveLength(1)
  const parsed = pieces.map((piece) => schema.safeParse(JSON.parse(piece)))
  expect(parsed.flatMap(({ error }) => (error === undefined ? [] : [z.prettifyError(error)]))).toEqual([])
  checked.add(name)
  return parsed[0]!.data
}
const checked = new Set<OutputName>()

let world: HandMade
let helm: Helm
let attemptId: number
/** Called as the command line calls it, in this process. */
async function call(name: OutputName, line: readonly string[], dir = world.workspace.dir): Promise<unknown> {
  const spec = commands.find((one) => one.name === line[0])!
  const command = new Command(spec.name).exitOverride()
  spec.configure(command)
  command.parse(line.slice(1), { from: 'user' })
  const { context, printed } = fakeContext(dir, { wantsJson: true })
  await spec.run(command.args, command.opts(), { ...context, nowMs: Date.now })
  return check(name, printed.join('\n'))
}

/** As a process of its own: what works in threads, or ends by a signal. */
async function spawned(name: OutputName, dir: string, ...line: string[]): Promise<unknown> {
  const { stdout, stderr, exitCode } = await cli(dir, ['--json', ...line])
  expect(exitCode, stderr).toBe(0)
  return check(name, stdout)
}

beforeAll(async () => {
  world = await makeMergedWorkspace()
  world.setAside('ring-1', [{ code: 'keep_empty', at: 'members', message: 'nothing kept' }], '{"members":[]}')
  attemptId = world.send('ring-1', 900)
  helm = await takeHelm(world.workspace, steeringWheel({ isPaused: false, inFlight: 4 }), {
    runTag: world.runTag,
    startedAtMs: 0,
    threads: 2,
    shardNos: () => [0],
  })
})
afterAll(() => {
  helm?.leave()
  world?.remove()
})

test('every command and verb has a schema, and no schema is of a command that is not there', () => {
  const named = Object.keys(OUTPUTS).map((name) => name.split(' '))
  for (const { name, verbs } of commands)
    for (const verb of verbs === undefined || ['stage', 'completion'].includes(name) ? [undefined] : verbs)
      expect(
        named.some(([first, second]) => first === name && (verb === undefined || second === verb)),
        `${name} ${verb ?? ''}`,
      ).toBe(true)
  for (const [first] of named) expect(commandNames).toContain(first)
})

test('what people read the field with', async () => {
  const concept = (await call('search', ['search', 'heat'])) as { concepts: { conceptId: string }[] }
  await call('search', ['search', 'heat', '--facts'])
  const { conceptId } = concept.concepts[0]!
  const page = (await call('inspect', ['inspect', conceptId])) as Record<
    'incoming' | 'outgoing',
    { edgeId: string }[]
  >
  const [edge] = [...page.incoming, ...page.outgoing]
  await call('inspect', ['inspect', edge!.edgeId])
  await call('inspect', ['inspect', 'heat-1'])
  await call('inspect', ['inspect', 'heat-2b'])
  await call('inspect', ['inspect', world.clusterIdOf('ring-1')])
  await call('inspect', ['inspect', `attempt:${attemptId}`])
  await call('inspect', ['inspect', `run:${world.runId}`])
  await call('inspect', ['inspect', 'shard:0'])
  await call('health', ['health'])
  await call('export', ['export'])
  for (const format of ['jsonl', 'csv'])
    await call('export --out', ['export', '--format', format, '--out', join(newFolder(), 'out')])
})

test('what makes vectors, and what is found with them', async () => {
  const server = await startSimServer()
  vi.stubEnv('RFF_EMBEDDINGS__MODEL', 'ollama/embedder')
  vi.stubEnv('RFF_PROVIDERS__OLLAMA__BASE_URL', server.url)
  try {
    const { dir } = world.workspace
    expect(await spawned('embed --dry-run', dir, 'embed', '--dry-run')).toMatchObject({
      estimate: { todo: 2 },
    })
    expect(await spawned('embed', dir, 'embed', '--facts')).toMatchObject({ stop: null })
    expect(await spawned('search', dir, 'search', 'warmth')).toMatchObject({ rankedBy: 'hybrid' })
    expect(await spawned('search', dir, 'search', 'warmth', '--facts')).toMatchObject({ rankedBy: 'hybrid' })
  } finally {
    vi.unstubAllEnvs()
    await server.close()
  }
})

test('what tells how the work stands', async () => {
  await call('status', ['status'])
  await call('status --watch', ['status', '--watch', '--looks', '1'])
  await call('estimate', ['estimate'])
  await call('spend show', ['spend', 'show'])
  await call('spend show --by code', ['spend', 'show', '--by', 'code'])
  await call('spend prices', ['spend', 'prices'])
  const list = join(newFolder(), 'list.jsonl')
  const line = { id: 'r', client_request_id: 'other', prompt_tokens: 3, completion_tokens: 4 }
  writeFileSync(list, `${JSON.stringify(line)}\n{"no": "request"}\n`)
  await call('spend reconcile', ['spend', 'reconcile', list])
  await call('audit', ['audit', '--deep'])
  await call('replay', ['replay'])
  await call('doctor', ['doctor'])
  for (const verb of ['status', 'pause', 'resume'] as const) await call(`ctl ${verb}`, ['ctl', verb])
  await call('ctl set', ['ctl', 'set', '--in-flight', '3'])
  await call('completion', ['completion', 'fish'])
  await call('init', ['init'], join(newFolder(), 'new'))
})

test('the quarantine, verb by verb', async () => {
  const clusterId = world.clusterIdOf('ring-1')
  await call('quarantine ls', ['quarantine', 'ls'])
  await call('quarantine show', ['quarantine', 'show'])
  await call('quarantine export', ['quarantine', 'export'])
  await call('quarantine review', ['quarantine', 'review', clusterId])
  await call('quarantine accept', ['quarantine', 'accept', clusterId, '--note', 'a gap'])
  const draft = await call('quarantine correct --draft', ['quarantine', 'correct', clusterId, '--draft'])
  const file = join(newFolder(), 'mended.json')
  writeFileSync(
    file,
    JSON.stringify({
      ...structureOfLight,
      ...(draft as object),
      concept: { name: 'Ring', gloss: 'a structure', aliases: [], canonical_i: 0 },
      members: [{ i: 0, role: 'definition' }],
      dropped: [],
      relations: [],
      links: [],
    }),
  )
  await call('quarantine correct', ['quarantine', 'correct', clusterId, '--file', file])
  await call('quarantine retry', ['quarantine', 'retry', clusterId])
})

test('a field again, and two fields beside each other', async () => {
  await call('merge', ['merge', '--profile', '--override-gate', 'ok_rate'])
  await call('stage', ['stage', 'score', '--override-gate', 'ok_rate'])
  const gold = join(newFolder(), 'gold.jsonl')
  writeFileSync(
    gold,
    [
      { src: 'heat-2', relation: 'refines', dst: 'heat-1' },
      { src: 'heat-1', relation: 'same_concept', dst: 'light-1' },
      { leaves: ['heat-1', 'heat-2'], distractors: ['light-1'] },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
  )
  await call('eval', ['eval', '--gold', gold, '--against', FIELD_TAG, '--neighbours', '2'])
})

test('from facts to work done, in processes of their own', async () => {
  const folder = newFolder()
  const dir = join(folder, 'rff')
  mkdirSync(dir)
  const facts = factsFile(folder, 30)
  await spawned('plan', dir, 'plan', facts, '--shards', '2', '--clusters', join(folder, 'clusters'))
  await call('plan --dry-run', ['plan', factsFile(newFolder(), 40), '--dry-run'], dir)
  await call('plan --clusters', ['plan', '--clusters', join(folder, 'clusters')], dir)
  await spawned('run', dir, 'run', '--limit', '3', '--profile')
  await spawned('run', dir, 'run', '--new', '--fresh', '--limit', '1')
  await spawned('loop once', dir, 'loop', 'once')
  await spawned('loop start', dir, 'loop', 'start')
  for (const verb of ['stop', 'resume', 'status'] as const) await call(`loop ${verb}`, ['loop', verb], dir)
  await call('plan --split', ['plan', '--split', '0'], dir)
  await call('archive create', ['archive', 'create', '--keep', '1'], dir)
  const [packed] = (await call('archive ls', ['archive', 'ls'], dir)) as { name: string }[]
  await call('archive verify', ['archive', 'verify'], dir)
  await call('archive restore', ['archive', 'restore', packed!.name], dir)
  const serving = startCli(dir, ['--json', 'serve', '--port', '0'])
  const [link] = await once(serving.process.stdout!, 'data')
  check('serve', String(link))
  serving.process.kill('SIGTERM')
  await serving.finished
  const { pid } = (await spawned('run --detach', dir, 'run', '--detach')) as { pid: number }
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 20_000)
})

test('the demo tells what its three steps did', async () => {
  await spawned('demo', join(newFolder(), 'demo'), 'demo')
})

test('an error is data too, with what was found, what to do and how the process ends', async () => {
  const { stdout, exitCode } = await cli(join(newFolder(), 'none'), ['--json', 'status'])
  const { error } = errorSchema.parse(JSON.parse(stdout))
  expect(error).toMatchObject({ code: 'workspace_missing', exitCode })
})

test('no schema was left unchecked', () => {
  expect([...checked].sort()).toEqual(Object.keys(OUTPUTS).sort())
})
