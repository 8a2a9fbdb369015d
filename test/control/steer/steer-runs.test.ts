/** Real sockets in a real folder, with other ends that behave and others that do not. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeHelm } from '../../../src/control/steer/helm.ts'
import { shortAddress } from '../../../src/control/steer/socket-place.ts'
import { steerRuns } from '../../../src/control/steer/steer-runs.ts'
import { openWorkspace, type Workspace } from '../../../src/control/workspace.ts'
import { steeringWheel } from '../../../src/runner/steering-wheel.ts'

let folder: string
let workspace: Workspace
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rff-steer-'))
  workspace = openWorkspace(join(folder, 'rff'), 'create')
})
afterEach(() => {
  workspace.close()
  rmSync(folder, { recursive: true })
})

const WHEEL = { isPaused: false, inFlight: 4 }

async function setup(at: Workspace = workspace) {
  const wheel = steeringWheel(WHEEL)
  const helm = await takeHelm(at, wheel, {
    runTag: '20260102_030405',
    startedAtMs: 0,
    threads: 2,
    shardNos: () => [0, 3],
  })
  expect(helm.trouble).toBeNull()
  return { wheel, helm, socket: join(at.dir, 'ctl', `${process.pid}.sock`) }
}

/** A process number that nobody has any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

test('the wheel turns as it is told, and the answer says what the process is doing', async () => {
  const { wheel, helm } = await setup()
  const counts = { ok: 5, salvaged: 1, quarantined: 2, unanswered: 0, asked: 8, reused: 0, microUsd: 90 }
  helm.heed({ shardNo: 0, counts, isOver: false })
  const [paused] = await steerRuns(workspace, { verb: 'pause' }, null)
  expect(paused).toMatchObject({
    pid: process.pid,
    reply: { ok: true, run: { paused: true, done: 7, ok: 5, micro_usd: 90, shards: [0, 3], threads: 2 } },
  })
  expect(wheel.now()).toEqual({ isPaused: true, inFlight: 4 })
  await steerRuns(workspace, { verb: 'set', inFlight: 9 }, null)
  await steerRuns(workspace, { verb: 'resume' }, null)
  expect(wheel.now()).toEqual({ isPaused: false, inFlight: 9 })
  helm.leave()
  expect(await steerRuns(workspace, { verb: 'status' }, null)).toEqual([])
})

test('nobody else may enter the folder or use the socket', async () => {
  const { helm, socket } = await setup()
  expect(statSync(socket).mode & 0o777).toBe(0o600)
  expect(statSync(join(workspace.dir, 'ctl')).mode & 0o777).toBe(0o700)
  helm.leave()
  expect(existsSync(socket)).toBe(false)
})

test('a socket that a dead process left is taken away, and not told of', async () => {
  mkdirSync(join(workspace.dir, 'ctl'))
  const left = join(workspace.dir, 'ctl', `${await deadPid()}.sock`)
  writeFileSync(left, '')
  expect(await steerRuns(workspace, { verb: 'status' }, null)).toEqual([])
  expect(existsSync(left)).toBe(false)
})

test('what a killed process with our number left is no hindrance', async () => {
  const first = await setup()
  writeFileSync(join(workspace.dir, 'ctl', '1.sock'), 'no socket')
  const second = await setup() // the first one never left
  const found = await steerRuns(workspace, { verb: 'status' }, null)
  expect(found).toMatchObject([
    { pid: 1, reply: { ok: false, message: expect.stringContaining('is no socket of this user') } },
    { pid: process.pid, reply: { ok: true } },
  ])
  first.helm.leave()
  second.helm.leave()
})

test('only the processes that are named hear of it', async () => {
  const { wheel, helm } = await setup()
  expect(await steerRuns(workspace, { verb: 'pause' }, [process.pid + 1])).toEqual([])
  expect(wheel.now()).toEqual(WHEEL)
  helm.leave()
})

test.each(['no JSON', '{"verb":"explode"}', '{"verb":"set","inFlight":0}', '{"verb":"pause","more":1}'])(
  '%s turns nothing and is answered with what is wrong',
  async (line) => {
    const { wheel, helm, socket } = await setup()
    const stranger = connect(socket)
    stranger.write(`${line}\n`)
    expect(JSON.parse(await text(stranger))).toMatchObject({ ok: false, message: expect.any(String) })
    expect(wheel.now()).toEqual(WHEEL)
    helm.leave()
  },
)

test('a process that answers nonsense is a failed reply, and hides no other', async () => {
  const child = spawn('sleep', ['60'])
  const { helm } = await setup()
  const path = join(workspace.dir, 'ctl', `${child.pid}.sock`)
  const server = createServer((socket) => socket.end('mumble\n')).listen(path)
  await once(server, 'listening')
  const found = await steerRuns(workspace, { verb: 'status' }, null)
  expect(found.find(({ pid }) => pid === child.pid)!.reply.ok).toBe(false)
  expect(found.find(({ pid }) => pid === process.pid)!.reply.ok).toBe(true)
  server.close()
  child.kill()
  helm.leave()
})

test('a workspace too deep for a socket path is steered all the same', async () => {
  const deep = openWorkspace(join(folder, 'd'.repeat(60), 'e'.repeat(60), 'rff'), 'create')
  const { helm, socket } = await setup(deep)
  const { address, release } = shortAddress({ pid: process.pid, path: socket })
  expect(Buffer.byteLength(address)).toBeLessThan(100)
  release()
  expect(await steerRuns(deep, { verb: 'status' }, null)).toHaveLength(1)
  helm.leave()
  deep.close()
})
