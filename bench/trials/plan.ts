/**
 * How fast do facts come in, beside the `sqlite3` tool?
 *
 * Ours reads JSON lines, validates each, keys it by its hash and ends with three indexes. The tool imports the same
 * lines as text and extracts the same five columns by its JSON functions: no check, no key, no index.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeCorpus } from '../generators/write-corpus.ts'
import { zipfFacts } from '../generators/zipf-facts.ts'
import { measureContender } from '../support/measure-contender.ts'
import { type Cost, costCells, measureProcess } from '../support/measure-process.ts'
import { type Contender, race, ratioOf } from '../support/race.ts'
import type { Figures, Trial } from '../support/trial.ts'

const FACTS = 2_000_000
const SMALL_FACTS = 20_000

const EXTRACT = `
CREATE TABLE facts AS SELECT
  json_extract(line, '$.fact_id') AS fact_id, json_extract(line, '$.dup_group_id') AS dup_group_id,
  json_extract(line, '$.domain') AS domain, json_extract(line, '$.text') AS text,
  json_extract(line, '$.source') AS source
FROM lines;`

const rated = (cost: Cost, facts: number): Figures => ({
  'facts/s': facts / (cost.wallMs / 1_000),
  'facts/CPU s': cost.cpuMs === null ? null : facts / (cost.cpuMs / 1_000),
  ...costCells(cost),
})

const ours = (factsPath: string, folder: string, facts: number): Contender => ({
  name: 'rff-shard intake',
  async turn(round) {
    const corpusPath = join(folder, `ours-${round}.sqlite`)
    const report = await measureContender<number>('intake', { factsPath, corpusPath })
    if (report.output !== facts) throw new Error(`${report.output} facts were added, expected ${facts}`)
    rmSync(corpusPath)
    return rated(report, facts)
  },
})

const tool = (factsPath: string, folder: string, facts: number): Contender => ({
  name: 'sqlite3 .import and json_extract',
  async turn(round) {
    const path = join(folder, `tool-${round}.sqlite`)
    const commands = [
      'CREATE TABLE lines (line TEXT);',
      '.mode ascii',
      '.separator "\\037" "\\n"',
      `.import '${factsPath}' lines`,
      EXTRACT,
      'SELECT count(*) FROM facts;',
    ]
    const measured = await measureProcess('sqlite3', [path, ...commands])
    if (Number(measured.stdout) !== facts) throw new Error(`sqlite3 has ${measured.stdout.trim()} facts`)
    rmSync(path)
    return rated(measured, facts)
  },
})

const isToolThere = (): boolean => spawnSync('sqlite3', ['--version']).status === 0

export const trial: Trial = {
  name: 'plan',
  question: 'How fast do facts come in, validated and indexed, beside the `sqlite3` tool without either?',
  peers: ['sqlite3'],
  async run({ isSmall, rounds, mostFacts, workFolder, say }) {
    const facts = isSmall ? SMALL_FACTS : Math.min(FACTS, mostFacts)
    const factsPath = join(workFolder, 'facts.jsonl')
    say(`writing ${facts} facts`)
    const bytes = writeCorpus(factsPath, zipfFacts(facts, 1))
    const hasTool = isToolThere()
    const contenders = [
      ours(factsPath, workFolder, facts),
      ...(hasTool ? [tool(factsPath, workFolder, facts)] : []),
    ]
    const rows = await race(contenders, rounds, say)
    const [wall, cpu] = ['facts/s', 'facts/CPU s'].map((column) => ratioOf(rows[0], rows[1], column))
    const ratio = (value: number | null | undefined): string => value?.toFixed(2) ?? '–'
    return {
      rows,
      absentPeers: hasTool ? [] : ['sqlite3'],
      notes: [
        `${facts} made-up facts of ${Math.round(bytes / facts)} bytes a line; ours to theirs ${ratio(wall)} by wall time, ${ratio(cpu)} by CPU; the target is 1.5.`,
      ],
    }
  },
}
