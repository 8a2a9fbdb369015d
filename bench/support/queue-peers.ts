/** The queues that other people use for the same. Installed by `npm run bench:peers`; those that are not are named. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureContender } from './measure-contender.ts'
import type { Cost } from './measure-process.ts'
import { isInstalled } from './peer.ts'
import { startPostgres } from './postgres-server.ts'
import type { QueueServer } from './queue-server.ts'
import type { Contender } from './race.ts'
import { startRedis } from './redis-server.ts'
import type { Figures } from './trial.ts'

interface QueuePeer {
  /** Of its package; its contender is `engine-<name>`. */
  readonly name: string
  readonly server: 'PostgreSQL' | 'Redis' | null
}

const PEERS: readonly QueuePeer[] = [
  { name: 'pg-boss', server: 'PostgreSQL' },
  { name: 'graphile-worker', server: 'PostgreSQL' },
  { name: 'bullmq', server: 'Redis' },
  { name: 'plainjob', server: null },
]

export const QUEUE_PEERS: readonly string[] = PEERS.map(({ name }) => name)

export interface QueuePeers {
  readonly contenders: readonly Contender[]
  /** Those that are not installed, or whose server is not. */
  readonly absent: readonly string[]
  /** Ends the servers that were started for them. */
  stop(): Promise<void>
}

type Rate = (cost: Cost, items: number) => Figures

const START = { PostgreSQL: startPostgres, Redis: startRedis }

export async function queuePeers(items: number, batchSize: number, rate: Rate): Promise<QueuePeers> {
  const installed = PEERS.filter(({ name }) => isInstalled(name))
  const servers = new Map<string, QueueServer>()
  for (const kind of ['PostgreSQL', 'Redis'] as const) {
    const started = installed.some(({ server }) => server === kind) ? await START[kind]() : null
    if (started !== null) servers.set(kind, started)
  }
  const ready = installed.filter(({ server }) => server === null || servers.has(server))
  return {
    contenders: ready.map((peer) =>
      contenderOf(peer, servers.get(peer.server ?? ''), items, batchSize, rate),
    ),
    absent: PEERS.filter((peer) => !ready.includes(peer)).map(({ name }) => name),
    async stop() {
      for (const server of servers.values()) await server.stop()
    },
  }
}

function contenderOf(
  { name }: QueuePeer,
  server: QueueServer | undefined,
  items: number,
  batchSize: number,
  rate: Rate,
): Contender {
  return {
    name,
    async turn() {
      const folder = mkdtempSync(join(tmpdir(), 'rff-bench-peer-'))
      const address = server?.address ?? join(folder, 'queue.sqlite')
      const before = server?.cpuMs() ?? null
      const report = await measureContender<number>(`engine-${name}`, { address, items, batchSize })
      if (report.output !== items) throw new Error(`${name} did ${report.output} items, expected ${items}`)
      const after = server?.cpuMs() ?? null
      rmSync(folder, { recursive: true })
      const serverCpuS = before === null || after === null ? null : (after - before) / 1_000
      return { ...rate(report, items), ...(server === undefined ? {} : { "server's CPU s": serverCpuS }) }
    },
  }
}
