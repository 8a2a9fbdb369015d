/**
 * What grows faster than the corpus?
 *
 * The built program as people start it: plan, run with the built-in structurer, merge, on corpora of rising size that
 * keep the neighbours of a real one.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { realFacts, recombinedCorpus } from '../support/corpus-for.ts'
import { folderBytes } from '../support/folder-bytes.ts'
import { numberText } from '../support/markdown.ts'
import { costCells } from '../support/measure-process.ts'
import { type MeasuredCommand, measureCli } from '../support/our-cli.ts'
import type { Row, Trial, TrialContext } from '../support/trial.ts'

const SIZES = [10_000, 100_000, 1_000_000, 11_600_000]
const SMALL_SIZES = [1_000, 4_000]
const FACTS_PER_SHARD = 25_000
/** Gates judge made-up fields as real ones; a field that is held back has cost the same. */
const GATE_FAILED = 3

export const trial: Trial = {
  name: 'growth',
  question: 'What do plan, run and merge take per fact, and what grows faster than the corpus?',
  peers: [],
  async run(context) {
    const sizes = context.isSmall ? SMALL_SIZES : SIZES.filter((size) => size <= context.mostFacts)
    const rows: Row[] = []
    for (const size of sizes) rows.push(...(await measureSize(context, size)))
    return {
      rows,
      absentPeers: [],
      notes: [
        `Facts recombined from ${realFacts(context).name}; one round; structured by the built-in rules; a shard holds about ${FACTS_PER_SHARD} facts.`,
        'CPU per fact is the figure to compare: wall time also tells how busy the machine was.',
      ],
    }
  },
}

async function measureSize(context: TrialContext, size: number): Promise<Row[]> {
  const { path, bytes } = recombinedCorpus(context, size)
  const workspace = join(context.workFolder, `rff-${size}`)
  const shards = Math.max(2, Math.ceil(size / FACTS_PER_SHARD))
  const rows: Row[] = []
  let diskBefore = 0
  const add = (step: string, measured: MeasuredCommand<unknown>): void => {
    const disk = folderBytes(workspace)
    const microsPerFact = measured.cpuMs === null ? null : (1_000 * measured.cpuMs) / size
    const bytesPerFact = (disk - diskBefore) / size
    const cells = { ...costCells(measured), 'CPU µs/fact': microsPerFact, 'disk bytes/fact': bytesPerFact }
    rows.push({ name: `${numberText(size)} facts: ${step}`, cells })
    diskBefore = disk
  }
  context.say(`${size} facts: plan`)
  add('plan', await measureCli(workspace, ['plan', path, '--shards', String(shards)]))
  context.say(`${size} facts: run`)
  add('run', await measureCli(workspace, ['run']))
  context.say(`${size} facts: merge`)
  add('merge', await measureCli(workspace, ['merge'], [0, GATE_FAILED]))
  rmSync(workspace, { recursive: true })
  rmSync(path)
  context.say(`${Math.round(bytes / size)} bytes of input a fact`)
  return rows
}
