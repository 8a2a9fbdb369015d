/**
 * Changes the caps of the open run, up or down, for all its processes at once: they are a row that every grant is
 * measured against. One that is lowered below what was handed out only stops new grants.
 */
import { controlGrantQueries } from '../../../db/queries/control-grants.ts'
import { eventQueries } from '../../../db/queries/events.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import type { Caps, Cost } from '../../../schemas/budget.ts'
import { RffError } from '../../../schemas/failure.ts'
import { STRUCTURE_TASK } from '../../passes/30-c-structure/task.ts'
import type { Workspace } from '../workspace.ts'

export interface RunBudget {
  readonly runTag: string
  readonly caps: Caps
  /** What shards hold of them now. */
  readonly granted: Cost
}

const KINDS = ['microUsd', 'tokens', 'calls'] as const
const FLAGS: Readonly<Record<(typeof KINDS)[number], string>> = {
  microUsd: '--max-usd',
  tokens: '--max-tokens',
  calls: '--max-calls',
}

/** @returns null where no run is open */
export function openRunBudget({ control }: Workspace): RunBudget | null {
  const open = runQueries(control).open(STRUCTURE_TASK)
  if (open === undefined) return null
  const grants = controlGrantQueries(control)
  return { runTag: open.runTag, caps: grants.caps(open.runId), granted: grants.granted(open.runId) }
}

/**
 * @param wanted null leaves a cap as it is
 * @throws RffError not_found where no run is open; usage where the run has no cap of that kind: its shards have used
 * what nobody counted
 */
export function setCaps(workspace: Workspace, wanted: Caps, nowMs: number): RunBudget {
  const { control } = workspace
  const grants = controlGrantQueries(control)
  const set = control.transaction((): void => {
    const open = runQueries(control).open(STRUCTURE_TASK)
    if (open === undefined) throw new RffError('not_found', `no run is open in ${workspace.dir}`)
    const before = grants.caps(open.runId)
    for (const kind of KINDS)
      if (wanted[kind] !== null && before[kind] === null)
        throw new RffError(
          'usage',
          `run ${open.runTag} was begun without ${FLAGS[kind]}, so it cannot be given one now; begin another with run --new ${FLAGS[kind]}`,
        )
    const after: Caps = {
      microUsd: wanted.microUsd ?? before.microUsd,
      tokens: wanted.tokens ?? before.tokens,
      calls: wanted.calls ?? before.calls,
    }
    grants.setCaps(open.runId, after)
    const event = { atMs: nowMs, level: 'info', kind: 'caps_set', runId: open.runId, shardNo: null } as const
    eventQueries(control).put({ ...event, payload: { before, after } })
  })
  set.immediate()
  return openRunBudget(workspace)!
}
