/** Says something to every process that runs on a workspace, and hears what each of them is doing. */
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { type SteeringReply, type SteeringRequest, steeringReplySchema } from '../../../schemas/steering.ts'
import { isRunning } from '../this-process.ts'
import type { Workspace } from '../workspace.ts'
import { isOwnSocket, knownSockets, type SocketPlace, shortAddress } from './socket-place.ts'

export interface SteeredProcess {
  readonly pid: number
  readonly reply: SteeringReply
}

const PATIENCE_MS = 5_000

/**
 * A socket that a dead process left is taken away and not told of.
 *
 * @param pids only these processes; all if null
 * @returns by process number; one that does not answer in time is a failed reply
 */
export async function steerRuns(
  workspace: Workspace,
  request: SteeringRequest,
  pids: readonly number[] | null,
): Promise<SteeredProcess[]> {
  const places = knownSockets(workspace).filter(({ pid }) => pids === null || pids.includes(pid))
  const heard = await Promise.all(places.map((place) => ask(place, request)))
  return heard.flatMap((one) => one ?? [])
}

async function ask(place: SocketPlace, request: SteeringRequest): Promise<SteeredProcess | null> {
  const { pid, path } = place
  if (!isRunning(pid)) {
    rmSync(path, { force: true })
    return null
  }
  if (!isOwnSocket(place)) return failed(pid, `${path} is no socket of this user`)
  const { address, release } = shortAddress(place)
  try {
    const line = await converse(address, request)
    return { pid, reply: steeringReplySchema.parse(JSON.parse(line)) }
  } catch (cause) {
    // Its number was given to a program that never ran here, or it has just ended.
    if (isGone(cause)) {
      rmSync(path, { force: true })
      return null
    }
    return failed(pid, cause instanceof Error ? cause.message : String(cause))
  } finally {
    release()
  }
}

const failed = (pid: number, message: string): SteeredProcess => ({
  pid,
  reply: { ok: false, code: 'internal', message },
})

const isGone = (cause: unknown): boolean =>
  ['ECONNREFUSED', 'ENOENT'].includes((cause as NodeJS.ErrnoException).code ?? '')

function converse(address: string, request: SteeringRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(address, () => socket.write(`${JSON.stringify(request)}\n`))
    socket.setEncoding('utf8')
    socket.setTimeout(PATIENCE_MS, () =>
      socket.destroy(new Error(`it does not answer; it was given ${PATIENCE_MS / 1_000} s`)),
    )
    socket.on('error', reject)
    socket.on('data', (text: string) => {
      heard += text
    })
    socket.on('close', () => resolve(heard))
  })
}
