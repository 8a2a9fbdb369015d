/**
 * How much bookkeeping does an item cost, when asking takes no time at all?
 *
 * No-op tasks with a 300-byte item and a 500-byte answer through the real runner, everything durable: intent with its
 * reservation, answer with its settlement, outcome. The limit is a hand-written loop that does the least of the same.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeNoOpShards } from '../generators/no-op-shards.ts'
import { measureContender } from '../support/measure-contender.ts'
import { type Cost, costCells } from '../support/measure-process.ts'
import { QUEUE_PEERS, queuePeers } from '../support/queue-peers.ts'
import { type Contender, race, ratioOf } from '../support/race.ts'
import type { Figures, Trial } from '../support/trial.ts'

const ITEMS = 100_000
const SMALL_ITEMS = 2_000
const IN_FLIGHT = 256

const rated = (cost: Cost, items: number): Figures => ({
  'items/s': items / (cost.wallMs / 1_000),
  'CPU µs/item': cost.cpuMs === null ? null : (1_000 * cost.cpuMs) / items,
  ...costCells(cost),
})

const ours = (folder: string, items: number, threads: number): Contender => ({
  name: `rff-shard runner, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
  async turn(round) {
    const runDir = join(folder, `engine-${threads}-${round}`)
    mkdirSync(runDir)
    const shards = await writeNoOpShards(runDir, items, threads)
    const plain = shards.map(({ meta, ...shard }) => ({
      ...shard,
      meta: { ...meta, keyFirst: String(meta.keyFirst), keyLast: String(meta.keyLast) },
    }))
    const report = await measureContender<number>('engine', { shards: plain, inFlight: IN_FLIGHT, runDir })
    if (report.output !== items) throw new Error(`${report.output} items were done, expected ${items}`)
    rmSync(runDir, { recursive: true })
    return rated(report, items)
  },
})

const bare = (folder: string, items: number): Contender => ({
  name: 'bare better-sqlite3 loop',
  async turn(round) {
    const path = join(folder, `bare-${round}.sqlite`)
    const report = await measureContender<number>('engine-bare', { path, items, groupSize: IN_FLIGHT })
    for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true })
    return rated(report, items)
  },
})

export const trial: Trial = {
  name: 'engine',
  question: 'How much bookkeeping does an item cost, when asking takes no time at all?',
  peers: QUEUE_PEERS,
  async run({ isSmall, rounds, workFolder, say }) {
    const items = isSmall ? SMALL_ITEMS : ITEMS
    const peers = await queuePeers(items, IN_FLIGHT, rated)
    const contenders = [
      ours(workFolder, items, 1),
      ours(workFolder, items, 2),
      bare(workFolder, items),
      ...peers.contenders,
    ]
    const rows = await race(contenders, rounds, say).finally(peers.stop)
    const cpuRatio = ratioOf(rows[0], rows[2], 'CPU µs/item')
    return {
      rows,
      absentPeers: peers.absent,
      notes: [
        `${items} items, ${IN_FLIGHT} in flight in each thread, synchronous=FULL. Our runner takes ${cpuRatio?.toFixed(1) ?? '–'} times the CPU of the bare loop; the target is 30,000 items/s on two idle cores.`,
        'Redis syncs its log at every write, PostgreSQL at every commit, plainjob is set to synchronous=FULL; graphile-worker and plainjob keep no answers, so their contenders do.',
        'A peer with a server has its own processor time under CPU s and that of the server, putting the items in included, beside it.',
      ],
    }
  },
}
