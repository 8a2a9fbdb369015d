/** A PostgreSQL of a trial's own: fresh data in a folder of its own, reached through a socket there and from nowhere else. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuMsOf } from './measure-process.ts'
import type { QueueServer } from './queue-server.ts'

const DEBIAN_FOLDER = '/usr/lib/postgresql'
export const USER = 'bench'

/** @returns null where PostgreSQL, or a user that may run it, is not there */
export async function startPostgres(): Promise<QueueServer | null> {
  const binaries = findBinaries()
  const owner = findOwner()
  if (binaries === null || owner === null) return null
  const folder = mkdtempSync(join(tmpdir(), 'rff-bench-postgres-'))
  if (process.getuid?.() !== owner.uid) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const init = ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale', 'C']
  const { status, stderr } = spawnSync(join(binaries, 'initdb'), init, {
    ...owner,
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`initdb ended with ${status}: ${stderr}`)
  const args = ['-D', data, '-k', folder, '-c', 'listen_addresses=']
  const server = spawn(join(binaries, 'postgres'), args, { ...owner, cwd: folder, stdio: 'ignore' })
  await untilReady(join(binaries, 'pg_isready'), folder, server)
  return {
    address: folder,
    cpuMs: () => cpuMsOfFamily(server.pid!),
    async stop() {
      server.kill('SIGINT')
      await once(server, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}

function findBinaries(): string | null {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : []
  const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1)
  return newest === undefined ? null : join(DEBIAN_FOLDER, newest, 'bin')
}

/** PostgreSQL refuses to run as root. */
function findOwner(): { uid: number; gid: number } | null {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()]
  if (uid === undefined || gid === undefined) return null
  if (uid !== 0) return { uid, gid }
  const { status, stdout } = spawnSync('getent', ['passwd', 'postgres'], { encoding: 'utf8' })
  const [, , otherUid, otherGid] = stdout.split(':')
  return status === 0 ? { uid: Number(otherUid), gid: Number(otherGid) } : null
}

async function untilReady(isReady: string, folder: string, server: ChildProcess): Promise<void> {
  while (spawnSync(isReady, ['-h', folder, '-q']).status !== 0) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`)
    await sleep(50)
  }
}

/** Servers of this kind have a process for each connection; the postmaster has the ids of those that are there. */
function cpuMsOfFamily(postmasterPid: number): number | null {
  const { stdout } = spawnSync('pgrep', ['-P', String(postmasterPid)], { encoding: 'utf8' })
  const pids = [postmasterPid, ...(stdout ?? '').split('\n').filter(Boolean).map(Number)]
  return pids.reduce<number | null>((sum, pid) => {
    const cpuMs = cpuMsOf(pid)
    return sum === null || cpuMs === null ? sum : sum + cpuMs
  }, 0)
}
