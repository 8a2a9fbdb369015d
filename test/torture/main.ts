/**
 * Kills the program as often as asked, and prints what came of it.
 *
 *     npm run torture -- --kills 1000 --seed 7
 *
 * Ctrl-C ends it after the present workspace, with the table of what was done.
 */
import { parseArgs } from 'node:util'
import { torture } from './torture.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    facts: { type: 'string', default: '300' },
  },
})
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())
const tally = await torture({
  kills: Number(values.kills),
  seed: Number(values.seed),
  facts: Number(values.facts),
  signal: interruption.signal,
  onWorld: (told) => void process.stderr.write(`${told}\n`),
})
process.stdout.write(`${tally.table()}\n`)
for (const fault of tally.faults()) process.stdout.write(`fault: ${fault}\n`)
process.exitCode = tally.faults().length === 0 && tally.totals().lost === 0 ? 0 : 1
