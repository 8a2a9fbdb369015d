/** What a person does about a loop from another terminal. */
import { iterationQueries } from '../../../db/queries/iterations.ts'
import { leaseQueries } from '../../../db/queries/leases.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { loopStatusSchema } from '../../../schemas/output/loop.ts'
import { isAlive } from '../lease.ts'
import type { Workspace } from '../workspace.ts'
import { countWork } from './count-work.ts'

export type LoopStatus = Inferred<typeof loopStatusSchema>

export function loopStatus(workspace: Workspace, iterationCount: number): LoopStatus {
  const queries = iterationQueries(workspace.control)
  return {
    ...queries.loop(),
    holder: holderOf(workspace),
    todo: countWork(workspace).todo,
    iterations: queries.latest(iterationCount),
  }
}

/** @returns the process that will finish its iteration and end; null where none runs */
export function stopLoop(workspace: Workspace): string | null {
  const holder = holderOf(workspace)
  if (holder === null) return null
  const queries = iterationQueries(workspace.control)
  const stop = workspace.control.transaction(() => {
    const row = queries.loop()
    if (row.state === 'ready') queries.setLoop({ ...row, state: 'stopping' })
  })
  stop.immediate()
  return holder
}

/** A person has mended the cause: strikes are forgotten. @returns what it was paused for; null where it was not */
export function resumeLoop(workspace: Workspace): string | null {
  const queries = iterationQueries(workspace.control)
  const { reason } = queries.loop()
  queries.setLoop({ state: 'ready', reason: null, strikes: 0, lastCode: null })
  return reason
}

function holderOf({ control }: Workspace): string | null {
  const lease = leaseQueries(control).get('loop')
  return lease?.holder != null && isAlive(lease) ? lease.holder : null
}
