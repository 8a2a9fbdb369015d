/** The queues that other people use for the same. Installed by `npm run bench:peers`; those that are not are named. */

import { measureContender } from './measure-contender.ts'
import type { Cost } from './measure-process.ts'
import { isInstalled } from './peer.ts'
import { startPostgres } from './postgres-server.ts'
import type { Contender } from './race.ts'
import type { Figures } from './trial.ts'

export interface QueuePeers {
  readonly contenders: readonly Contender[]
  readonly absent: readonly string[]
  /** Ends the servers that were started for them. */
  stop(): Promise<void>
}

type Rate = (cost: Cost, items: number) => Figures

export async function queuePeers(items: number, batchSize: number, rate: Rate): Promise<QueuePeers> {
  const server = isInstalled('pg-boss') ? await startPostgres() : null
  if (server === null) return { contenders: [], absent: ['pg-boss'], stop: () => Promise.resolve() }
  const pgBoss: Contender = {
    name: 'pg-boss',
    async turn() {
      const before = server.cpuMs()
      const input = { socketFolder: server.socketFolder, items, batchSize }
      const report = await measureContender<number>('engine-pg-boss', input)
      if (report.output !== items) throw new Error(`pg-boss did ${report.output} items, expected ${items}`)
      const after = server.cpuMs()
      const serverCpuS = before === null || after === null ? null : (after - before) / 1_000
      return { ...rate(report, items), "server's CPU s": serverCpuS }
    },
  }
  return { contenders: [pgBoss], absent: [], stop: () => server.stop() }
}
