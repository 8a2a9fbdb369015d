/**
 * How long does a killed run take until it works on?
 *
 * A run over one shard of many seeds is killed with SIGKILL in the middle; the next one starts at once. The clock runs
 * from its start to its first new row of `done`, read from outside through a connection of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { writeCorpus } from '../generators/write-corpus.ts'
import { zipfFacts } from '../generators/zipf-facts.ts'
import { measureCli } from '../support/our-cli.ts'
import { type Contender, race } from '../support/race.ts'
import type { Row, Trial } from '../support/trial.ts'

const SEEDS = 50_000
const SMALL_SEEDS = 3_000
const LOOK_EVERY_MS = 2
const CLI = new URL('../../dist/bundle/cli.js', import.meta.url).pathname

const startRun = (workspace: string): ChildProcess =>
  spawn(process.execPath, [CLI, '-w', workspace, 'run', '--threads', '1'], { stdio: 'ignore' })

interface DoneWatch {
  doneSeq(): number
  /** @throws Error where the run ends before that many clusters are done */
  until(doneSeq: number, run: ChildProcess): Promise<void>
  close(): void
}

function watchDone(shardPath: string): DoneWatch {
  const db = new Database(shardPath, { readonly: true })
  const last = db.prepare<[], number>('SELECT coalesce(max(done_seq), 0) FROM done').pluck()
  const doneSeq = (): number => last.get()!
  return {
    doneSeq,
    async until(wanted, run) {
      while (doneSeq() < wanted) {
        if (run.exitCode !== null) throw new Error(`the run ended with ${run.exitCode} before it was killed`)
        await sleep(LOOK_EVERY_MS)
      }
    },
    close: () => db.close(),
  }
}

/** Each round kills one run and starts the next, a tenth of the shard further on. */
const killedRun = (workspace: string, seeds: number): Contender => ({
  name: 'rff-shard run',
  async turn() {
    const watch = watchDone(join(workspace, 'shards', '0000.sqlite'))
    const killed = startRun(workspace)
    await watch.until(watch.doneSeq() + Math.floor(seeds / 10), killed)
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    const before = watch.doneSeq()
    const start = performance.now()
    const next = startRun(workspace)
    await watch.until(before + 1, next)
    const untilFirstMs = performance.now() - start
    next.kill('SIGKILL')
    await once(next, 'exit')
    watch.close()
    return { 'ms to the first new item': untilFirstMs, 'done when killed': before }
  },
})

/**
 * Queues take a dead worker's item again when its time is over, however soon the next worker starts. The times are the
 * defaults that the code of their versions in bench/peers has; most are too long to wait for here.
 */
const OF_OTHERS: readonly Row[] = [
  { name: 'BullMQ', cells: asDefault('30 s for the lock to end, and up to 30 s more until somebody looks') },
  { name: 'pg-boss', cells: asDefault('15 min until a job expires') },
  { name: 'plainjob', cells: asDefault('30 min until a job times out, and up to 1 min more') },
  { name: 'graphile-worker', cells: asDefault('4 h until a lock expires') },
]

function asDefault(text: string): Row['cells'] {
  return { 'by default': text }
}

export const trial: Trial = {
  name: 'resume',
  question: 'How long from the start of a run to its first new item, after the last one was killed?',
  peers: [],
  async run({ isSmall, rounds, workFolder, say }) {
    const seeds = isSmall ? SMALL_SEEDS : SEEDS
    const factsPath = join(workFolder, 'facts.jsonl')
    writeCorpus(factsPath, zipfFacts(seeds, 2))
    const workspace = join(workFolder, 'rff')
    say(`planning ${seeds} seeds`)
    await measureCli(workspace, ['plan', factsPath, '--every', '--shards', '1'])
    const rows = await race([killedRun(workspace, seeds)], Math.min(rounds, 4), say)
    return {
      rows: [...rows, ...OF_OTHERS],
      absentPeers: [],
      notes: [
        `One shard of ${seeds} seeds, each with its neighbours as context. Starting the program is in the figure; the target is 1,000 ms.`,
      ],
    }
  },
}
