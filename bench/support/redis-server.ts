/** A Redis of our own for the trials: in a folder of its own, on a socket in it, every write synced before it is acknowledged. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuMsOf } from './measure-process.ts'
import type { QueueServer } from './queue-server.ts'

const BINARY = 'redis-server'

/** @returns null where Redis is not installed */
export async function startRedis(): Promise<QueueServer | null> {
  if (spawnSync(BINARY, ['--version']).error !== undefined) return null
  const folder = mkdtempSync(join(tmpdir(), 'rff-bench-redis-'))
  const socket = join(folder, 'redis.sock')
  // Synced as SQLite's synchronous=FULL syncs; the default, once a second, would lose a second of answers.
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
  const server = spawn(BINARY, ['--port', '0', '--unixsocket', socket, '--dir', folder, ...durable], {
    stdio: 'ignore',
  })
  while (!existsSync(socket)) {
    if (server.exitCode !== null) throw new Error(`${BINARY} ended with ${server.exitCode}`)
    await sleep(20)
  }
  return {
    address: socket,
    cpuMs: () => cpuMsOf(server.pid!),
    async stop() {
      server.kill('SIGTERM')
      await once(server, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}
