/** One process of a run listens to those who steer it: a line of JSON in, a line of JSON out. */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { asFailure } from '../../../schemas/as-failure.ts'
import { type SteeringReply, type SteeringRequest, steeringRequestSchema } from '../../../schemas/steering.ts'
import type { Workspace } from '../workspace.ts'
import { ownSocket, shortAddress } from './socket-place.ts'

const LONGEST_REQUEST_CHARS = 10_000
/** Whoever connects and says nothing is not waited for. */
const PATIENCE_MS = 10_000

/**
 * @param answer is given a request that fits its schema
 * @returns what ends the listening and takes the socket away
 * @throws what the system says where no socket can be had
 */
export async function listenForSteering(
  workspace: Workspace,
  answer: (request: SteeringRequest) => SteeringReply,
): Promise<() => void> {
  const place = ownSocket(workspace, process.pid)
  rmSync(place.path, { force: true }) // left by a process that had our number
  const { address, release } = shortAddress(place)
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    converse(socket, answer)
  })
  server.unref()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(address, resolve)
    })
    chmodSync(place.path, 0o600)
  } catch (cause) {
    release()
    throw cause
  }
  return () => {
    for (const socket of open) socket.destroy()
    server.close()
    rmSync(place.path, { force: true })
    release()
  }
}

function converse(socket: Socket, answer: (request: SteeringRequest) => SteeringReply): void {
  let heard = ''
  socket.setEncoding('utf8').unref()
  socket.setTimeout(PATIENCE_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy()) // whoever asked went away: there is nobody to tell
  socket.on('data', (text: string) => {
    heard += text
    const end = heard.indexOf('\n')
    if (end >= 0) socket.end(`${JSON.stringify(replyTo(heard.slice(0, end), answer))}\n`)
    else if (heard.length > LONGEST_REQUEST_CHARS) socket.destroy()
  })
}

function replyTo(line: string, answer: (request: SteeringRequest) => SteeringReply): SteeringReply {
  try {
    return answer(steeringRequestSchema.parse(JSON.parse(line)))
  } catch (cause) {
    return { ok: false, ...asFailure(cause) }
  }
}
