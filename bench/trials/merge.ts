/**
 * How fast do deltas become a field, beside plain SQL over the same rows?
 *
 * Ours is the whole command: gather, PassM', links, PassG, digest, gates, publication. The plain way is one statement a
 * table over the attached shards, which unites rows and does nothing else.
 */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDeltas } from '../generators/write-deltas.ts'
import { measureContender } from '../support/measure-contender.ts'
import { type Cost, costCells } from '../support/measure-process.ts'
import { measureCli } from '../support/our-cli.ts'
import { isInstalled } from '../support/peer.ts'
import { type Contender, race, ratioOf } from '../support/race.ts'
import type { Figures, Trial } from '../support/trial.ts'

/** A tenth of what a corpus of 11.6 million facts brings; `--most-facts` above a million takes the whole. */
const CONCEPTS = 100_000
const ALL_CONCEPTS = 1_250_000
const SMALL_CONCEPTS = 2_000
const SHARDS = 8
const GATE_FAILED = 3

const rated = (cost: Cost, rows: number): Figures => ({
  'delta rows/s': rows / (cost.wallMs / 1_000),
  'CPU µs/row': cost.cpuMs === null ? null : (1_000 * cost.cpuMs) / rows,
  ...costCells(cost),
})

const ours = (workspace: string, folder: string, rows: number): Contender => ({
  name: 'rff-shard merge',
  async turn(round) {
    const copy = join(folder, `merge-${round}`)
    cpSync(workspace, copy, { recursive: true })
    const measured = await measureCli(copy, ['merge'], [0, GATE_FAILED])
    rmSync(copy, { recursive: true })
    return rated(measured, rows)
  },
})

const plainSql = (shardPaths: readonly string[], folder: string, rows: number): Contender => ({
  name: 'one SQL statement a table',
  async turn(round) {
    const fieldPath = join(folder, `plain-${round}.sqlite`)
    const report = await measureContender('merge-sql', { fieldPath, shardPaths })
    rmSync(fieldPath)
    return rated(report, rows)
  },
})

const duckDb = (shardPaths: readonly string[], folder: string, rows: number): Contender => ({
  name: 'DuckDB, the same statements',
  async turn(round) {
    const [deltasPath, fieldPath] = [
      join(folder, `deltas-${round}.duckdb`),
      join(folder, `field-${round}.duckdb`),
    ]
    const report = await measureContender('merge-duckdb', { deltasPath, fieldPath, shardPaths })
    for (const path of [deltasPath, fieldPath]) rmSync(path)
    return rated(report, rows)
  },
})

export const trial: Trial = {
  name: 'merge',
  question: 'How fast do deltas become a field, beside plain SQL over the same rows?',
  peers: ['DuckDB'],
  async run({ isSmall, rounds, mostFacts, workFolder, say }) {
    const concepts = isSmall ? SMALL_CONCEPTS : mostFacts > 1_000_000 ? ALL_CONCEPTS : CONCEPTS
    const workspace = join(workFolder, 'rff')
    say(`writing the deltas of ${concepts} concepts`)
    const { rows, shardPaths } = await writeDeltas(workspace, concepts, SHARDS)
    const hasDuckDb = isInstalled('@duckdb/node-api')
    const contenders = [
      ours(workspace, workFolder, rows),
      plainSql(shardPaths, workFolder, rows),
      ...(hasDuckDb ? [duckDb(shardPaths, workFolder, rows)] : []),
    ]
    const measured = await race(contenders, rounds, say)
    const ratio = ratioOf(measured[0], measured[1], 'CPU µs/row')
    return {
      rows: measured,
      absentPeers: hasDuckDb ? [] : ['DuckDB'],
      notes: [
        `${concepts} concepts, ${rows} delta rows in ${SHARDS} shards. The whole way to MERGED takes ${ratio?.toFixed(1) ?? '–'} times the CPU of the plain statements; the target is 4.`,
        'DuckDB cannot read the shards without its extension from the network: it has the rows in a file of its own before the clock starts, and its peak memory includes bringing them there.',
      ],
    }
  },
}
