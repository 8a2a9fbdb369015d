/** What is done to a workspace, in order; each deed may be killed and is then done again until it ends by itself. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './place.ts'

/** Commands that run at the same time. */
export interface Deed {
  readonly name: string
  readonly commands: readonly (readonly string[])[]
}

export interface Scenario {
  readonly name: string
  readonly answerer: 'rules' | 'server'
  deeds(place: Place): readonly Deed[]
  /** What is wrong at the end beside the digest. */
  check(place: Place): readonly string[]
}

const plan = ({ facts }: Place): Deed => ({ name: 'plan', commands: [['plan', facts, '--shards', '4']] })
const run = (...commands: readonly string[][]): Deed => ({
  name: 'run',
  commands: commands.map((flags) => ['run', ...flags]),
})
const merge: Deed = { name: 'merge', commands: [['merge']] }
/** Gates are about a model's work; here half a run is merged on purpose. */
const twoProcesses = run(['--shard', '0,1'], ['--shard', '2,3'])

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
]

export function digestOf(dir: string): string {
  const tag = readFileSync(join(dir, 'field/_current/MERGED'), 'utf8').trim()
  const manifest = JSON.parse(readFileSync(join(dir, 'field', tag, 'manifest.json'), 'utf8')) as {
    field_digest: string
  }
  return manifest.field_digest
}
