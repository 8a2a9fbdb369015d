/**
 * How much of a run is storage and bookkeeping, and what does a second thread bring?
 *
 * The built-in structurer over real facts, PassC and PassM with all checks, by the built command line; beside it the
 * same verbs in a bare loop without storage. What starting the program takes is told by an empty run and taken off.
 * Two such loops side by side, which share nothing, tell how much a second core of this machine is worth.
 */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { recombinedCorpus } from '../support/corpus-for.ts'
import { measureContender } from '../support/measure-contender.ts'
import { type Cost, costCells } from '../support/measure-process.ts'
import { measureCli } from '../support/our-cli.ts'
import { type Contender, medianOf, race, ratioOf } from '../support/race.ts'
import type { Figures, Row, Trial } from '../support/trial.ts'

const FACTS = 100_000
const SMALL_FACTS = 3_000
const SHARDS = 8

interface RunSummary {
  readonly counts: { readonly ok: number; readonly quarantined: number }
}

const rated = (cost: Cost, clusters: number): Figures => ({
  'clusters/s': clusters / (cost.wallMs / 1_000),
  'CPU µs/cluster': cost.cpuMs === null ? null : (1_000 * cost.cpuMs) / clusters,
  ...costCells(cost),
})

/** Every turn works on a copy of the planned workspace, and ends with a run that has nothing to do. */
const run = (planned: string, folder: string, threads: number): Contender => ({
  name: `rff-shard run, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
  async turn(round) {
    const workspace = join(folder, `run-${threads}-${round}`)
    cpSync(planned, workspace, { recursive: true })
    const args = ['run', '--threads', String(threads)]
    const full = await measureCli<RunSummary>(workspace, args)
    const empty = await measureCli<RunSummary>(workspace, args)
    rmSync(workspace, { recursive: true })
    const { ok, quarantined } = full.summary.counts
    const cpuMs = full.cpuMs === null || empty.cpuMs === null ? null : full.cpuMs - empty.cpuMs
    const cost = { wallMs: full.wallMs - empty.wallMs, cpuMs, peakBytes: full.peakBytes }
    return { ...rated(cost, ok + quarantined), 'start-up s': empty.wallMs / 1_000 }
  },
})

const bareLoops = (planned: string, processes: number): Contender => ({
  name: `the same verbs, no storage${processes === 1 ? '' : `, ${processes} processes at once`}`,
  async turn() {
    const input = { shardsFolder: join(planned, 'shards') }
    const reports = await Promise.all(
      Array.from({ length: processes }, () => measureContender<{ clusters: number }>('bare-loop', input)),
    )
    const clusters = reports.reduce((sum, { output }) => sum + output.clusters, 0)
    const wallMs = Math.max(...reports.map((report) => report.wallMs))
    const cpuMs = reports.reduce((sum, report) => sum + (report.cpuMs ?? Number.NaN), 0)
    return rated({ wallMs, cpuMs, peakBytes: reports[0]!.peakBytes }, clusters)
  },
})

export const trial: Trial = {
  name: 'real-path',
  question: 'How much of a run is storage and bookkeeping, and what does a second thread bring?',
  peers: [],
  async run(context) {
    const { isSmall, rounds, workFolder, say } = context
    const { path, description } = recombinedCorpus(context, isSmall ? SMALL_FACTS : FACTS)
    const planned = join(workFolder, 'planned')
    say('planning')
    await measureCli(planned, ['plan', path, '--shards', String(SHARDS)])
    const contenders = [
      ...[1, 2].map((threads) => run(planned, workFolder, threads)),
      ...[1, 2].map((processes) => bareLoops(planned, processes)),
    ]
    const rows = await race(contenders, rounds, say)
    return { rows, absentPeers: [], notes: [`${description}, ${SHARDS} shards.`, ...judged(rows)] }
  },
}

function judged([one, two, bare, twoBare]: readonly Row[]): string[] {
  const ours = medianOf(one, 'CPU µs/cluster')
  const theirs = medianOf(bare, 'CPU µs/cluster')
  const scaling = ratioOf(two, one, 'clusters/s')
  const limit = ratioOf(twoBare, bare, 'clusters/s')
  const share = ours === null || theirs === null ? null : (100 * (ours - theirs)) / ours
  return [
    `Storage and bookkeeping take ${share?.toFixed(0) ?? '–'} % of a run's CPU (target: at most 35 %); two threads do ${scaling?.toFixed(2) ?? '–'} times as much as one (target: 1.7, on an idle machine), two bare loops ${limit?.toFixed(2) ?? '–'} times.`,
  ]
}
