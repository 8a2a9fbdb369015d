/** What is done to a workspace, in order; each deed may be killed and is then done again until it ends by itself. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromControl } from './books.ts'
import type { Place } from './place.ts'

const CLI = new URL('../../dist/bundle/cli.js', import.meta.url).pathname

/** Commands that run at the same time. */
export interface Deed {
  readonly name: string
  readonly commands: readonly (readonly string[])[]
  /** For what can be done once only: that a killed process had done it. */
  isOver?(place: Place): boolean
}

export interface Scenario {
  readonly name: string
  readonly answerer: 'rules' | 'server'
  deeds(place: Place): readonly Deed[]
  /** What is wrong at the end beside the digest. */
  check(place: Place): readonly string[]
}

const plan = ({ facts }: Place): Deed => ({ name: 'plan', commands: [['plan', facts, '--shards', '4']] })
const earlierPlan = ({ earlierFacts }: Place): Deed => ({
  name: 'plan',
  commands: [['plan', earlierFacts, '--shards', '4']],
})
const replan = ({ facts }: Place): Deed => ({ name: 're-plan', commands: [['plan', facts]] })
const split: Deed = {
  name: 'split',
  commands: [['plan', '--split', '1']],
  isOver: ({ dir }) =>
    fromControl(dir, (control) =>
      control.prepare('SELECT state FROM shards WHERE shard_no = 1').pluck().get(),
    ) === 'split',
}
const run = (...commands: readonly string[][]): Deed => ({
  name: 'run',
  commands: commands.map((flags) => ['run', ...flags]),
})
const merge: Deed = { name: 'merge', commands: [['merge']] }
const twoProcesses = run(['--shard', '0,1'], ['--shard', '2,3'])

const loop: Deed = { name: 'loop', commands: [['loop', 'start']] }
const archive: Deed = { name: 'archive', commands: [['archive', 'create']] }
const some = (limit: number): Deed => run(['--new', '--limit', String(limit)])

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'two processes, rules',
    answerer: 'rules',
    deeds: (place) => [plan(place), twoProcesses, merge],
    check: () => [],
  },
  {
    name: 'two processes, server',
    answerer: 'server',
    deeds: (place) => [plan(place), twoProcesses, run([]), merge],
    check: () => [],
  },
  {
    name: 're-plan and split, server',
    answerer: 'server',
    deeds: (place) => [
      earlierPlan(place),
      some(30),
      replan(place),
      split,
      run(['--new', '--shard', '0,2']),
      run(['--shard', '3'], ['--shard', '4,5']),
      merge,
    ],
    check: () => [],
  },
  {
    name: 'loop, server',
    answerer: 'server',
    deeds: (place) => [plan(place), loop, loop],
    check: brokenArchives,
  },
  {
    name: 'archive, rules',
    answerer: 'rules',
    deeds: (place) => [
      plan(place),
      some(20),
      merge,
      some(20),
      merge,
      run(['--new']),
      merge,
      archive,
      archive,
    ],
    check: brokenArchives,
  },
]

/** What is in no archive is in its place, and what the index names is whole. */
function brokenArchives({ dir }: Place): string[] {
  const { status, stderr } = spawnSync(process.execPath, [CLI, '-w', dir, 'archive', 'verify'], {
    encoding: 'utf8',
  })
  const told = status === 0 ? [] : [`archive verify ended with ${status}: ${stderr}`]
  const archived = new Set(recordsOf(dir).map(({ original }) => original))
  const missing = foldersThatWere(dir).filter((path) => !existsSync(join(dir, path)) && !archived.has(path))
  return [...told, ...missing.map((path) => `${path} is in no archive and not in its place`)]
}

const recordsOf = (dir: string): { original: string }[] =>
  existsSync(join(dir, 'archives/index.jsonl'))
    ? readFileSync(join(dir, 'archives/index.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { original: string })
    : []

/** Every field, and every run that wrote a line: what the control file remembers. */
function foldersThatWere(dir: string): string[] {
  const fields = fromControl(dir, (control) =>
    control.prepare("SELECT 'field/' || field_tag FROM fields WHERE state <> 'building'").pluck().all(),
  )
  return fields as string[]
}

export function digestOf(dir: string): string {
  const tag = readFileSync(join(dir, 'field/_current/MERGED'), 'utf8').trim()
  const manifest = JSON.parse(readFileSync(join(dir, 'field', tag, 'manifest.json'), 'utf8')) as {
    field_digest: string
  }
  return manifest.field_digest
}
