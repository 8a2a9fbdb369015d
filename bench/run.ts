/**
 * Runs the trials, each in a process of its own, prints Markdown and keeps the figures.
 *
 *   npm run bench                          all trials
 *   npm run bench -- plan merge            some of them
 *   npm run bench -- --small               each once on a small input, in seconds
 *   npm run bench -- limits --minutes 10   as long as that where a rate over time is asked for
 *   npm run bench -- --rounds 5 --corpora <folder of public corpora> --most-facts 11600000 --scratch <folder>
 *
 * Figures go to bench/results/<date>.json with machine and versions; a small run is no measurement and leaves none.
 */
import { fork } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describeMachine, type Machine } from './support/machine.ts'
import { machineAsMarkdown, trialAsMarkdown } from './support/markdown.ts'
import type { TrialResult } from './support/trial.ts'
import type { TrialOrder, TrialReport } from './support/trial-process.ts'
import { loadTrial, TRIAL_NAMES } from './support/trials.ts'

const RESULTS = new URL('./results/', import.meta.url)

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      small: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      minutes: { type: 'string' },
      corpora: { type: 'string', default: process.env.CORPORA ?? '' },
      'most-facts': { type: 'string', default: '1000000' },
      scratch: { type: 'string' },
    },
  })
  const unknown = positionals.filter((name) => !TRIAL_NAMES.some((known) => known === name))
  if (unknown.length > 0) {
    process.stderr.write(`no trial ${unknown.join(', ')}; there are ${TRIAL_NAMES.join(', ')}\n`)
    return 2
  }
  const order: Omit<TrialOrder, 'name'> = {
    isSmall: values.small,
    minutes: values.minutes === undefined ? null : Number(values.minutes),
    rounds: Number(values.rounds ?? (values.small ? 1 : 3)),
    mostFacts: Number(values['most-facts']),
    corporaFolder: values.corpora === '' ? null : values.corpora,
    scratchFolder: values.scratch ?? null,
  }
  const machine = describeMachine()
  process.stdout.write(`# Benchmarks${order.isSmall ? ' (small: nothing is proven)' : ''}\n\n`)
  process.stdout.write(`${machineAsMarkdown(machine)}\n`)
  const names = positionals.length > 0 ? positionals : TRIAL_NAMES
  const { results, failed } = await runAll(names, order)
  if (!order.isSmall) process.stderr.write(`kept in ${keep(machine, order, results)}\n`)
  for (const name of failed) process.stderr.write(`the trial ${name} failed\n`)
  return failed.length === 0 ? 0 : 1
}

async function runAll(names: readonly string[], order: Omit<TrialOrder, 'name'>) {
  const results: Record<string, TrialResult & { seconds: number }> = {}
  const failed: string[] = []
  for (const name of names) {
    const start = performance.now()
    const report = await runApart({ ...order, name })
    const seconds = Math.round((performance.now() - start) / 100) / 10
    if ('error' in report) {
      failed.push(name)
      process.stderr.write(`${name}: ${report.error}\n`)
      continue
    }
    results[name] = { ...report.result, seconds }
    process.stdout.write(`\n${trialAsMarkdown(await loadTrial(name), report.result)}\n`)
  }
  return { results, failed }
}

function runApart(order: TrialOrder): Promise<TrialReport> {
  const entry = new URL('./support/trial-process.ts', import.meta.url)
  const child = fork(entry, { execArgv: ['--import', 'tsx'] })
  child.send(order)
  return new Promise((resolve) => {
    child.once('message', (report: TrialReport) => resolve(report))
    child.once('exit', (exitCode, signal) =>
      resolve({ error: `the trial's process ended with ${exitCode ?? signal}` }),
    )
  })
}

/** One file a day and time; git keeps those that are worth it. */
function keep(
  machine: Machine,
  order: Omit<TrialOrder, 'name'>,
  results: Readonly<Record<string, TrialResult>>,
): string {
  const at = new Date().toISOString()
  mkdirSync(RESULTS, { recursive: true })
  const file = new URL(`${at.slice(0, 16).replaceAll(':', '')}.json`, RESULTS)
  const { rounds, mostFacts } = order
  const record = { at, machine, rounds, mostFacts, results }
  writeFileSync(file, `${JSON.stringify(record, null, 1)}\n`)
  return file.pathname
}

process.exitCode = await main()
