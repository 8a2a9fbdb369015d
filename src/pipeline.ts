/**
 * The passes in their order: the whole way of a fact on one screen. docs/pipeline.md tells it at length.
 *
 * `plan` does the first two, `run` the next two in one thread per shard, `merge` the others. Each pass leaves its
 * result in tables, and none knows of another.
 */
import { PLAN_VERSION } from './passes/10-plan/stage.ts'
import { passX } from './passes/20-x-expand/stage.ts'
import { structureTask } from './passes/30-c-structure/task.ts'
import { passM } from './passes/40-m-materialise/stage.ts'
import { passMPrime } from './passes/50-m-prime-normalise/stage.ts'
import { passXLinkGenerate, passXLinkScore } from './passes/60-x-link/stage.ts'
import { passGather } from './passes/70-g-merge/gather/stage.ts'
import { passG } from './passes/70-g-merge/stage.ts'

export interface PipelineStep {
  readonly number: number
  readonly name: string
  /** Raised when the same input may give another output. */
  readonly version: number
  readonly command: 'plan' | 'run' | 'merge'
  readonly makes: string
}

/** Versions do not depend on these settings. */
const task = structureTask({ relationTypes: ['refines'] })
const materialise = passM({ keepDomainsApart: false })

export const PIPELINE: readonly PipelineStep[] = [
  {
    number: 10,
    name: 'pass-plan',
    version: PLAN_VERSION,
    command: 'plan',
    makes: 'facts, one for each group of duplicates',
  },
  {
    number: 20,
    name: passX.name,
    version: passX.version,
    command: 'plan',
    makes: 'clusters of near facts, in shard files',
  },
  {
    number: 30,
    name: `pass-c ${task.name}`,
    version: task.version,
    command: 'run',
    makes: 'a structure for each cluster, or a case in quarantine',
  },
  {
    number: 40,
    name: materialise.name,
    version: materialise.version,
    command: 'run',
    makes: 'delta rows, each with the cluster that supports it',
  },
  {
    number: 70,
    name: passGather.name,
    version: passGather.version,
    command: 'merge',
    makes: 'the union of all deltas and of what the base has beyond them',
  },
  {
    number: 50,
    name: passMPrime.name,
    version: passMPrime.version,
    command: 'merge',
    makes: 'one concept for all names of a thing',
  },
  {
    number: 60,
    name: passXLinkGenerate.name,
    version: passXLinkGenerate.version,
    command: 'merge',
    makes: 'candidates for edges, with evidence',
  },
  {
    number: 60,
    name: passXLinkScore.name,
    version: passXLinkScore.version,
    command: 'merge',
    makes: 'scores, and which edges are kept',
  },
  { number: 70, name: passG.name, version: passG.version, command: 'merge', makes: 'the field' },
]

/** What a plan depends on beside its inputs and settings. */
export const planVersions = (): readonly number[] =>
  PIPELINE.filter(({ command }) => command === 'plan').map(({ version }) => version)
