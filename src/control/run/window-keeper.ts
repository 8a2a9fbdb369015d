/** The host's side of a usage window: counts what is used, and lets the threads have some of what is left. */
import { type WindowHolder, windowHoldQueries } from '../../../db/queries/window-holds.ts'
import type { Config } from '../../../schemas/config.ts'
import { allowanceIn, newWindowMemory } from '../../runner/window-gate.ts'
import { isRunning, startOfProcess, thisProcess } from '../this-process.ts'
import type { Workspace } from '../workspace.ts'
import { windowAt } from './window.ts'
import { windowUse } from './window-use.ts'

export interface WindowKeeper {
  readonly memory: SharedArrayBuffer
  /** @returns whether so many tokens fit into the window now; then they are there to be taken */
  fill(tokens: number): boolean
  close(): void
}

/** A process takes at most this part of a window before it counts again, so that one that comes later finds room. */
const PARTS = 16

/** @returns null where no window is set */
export function windowKeeper(
  workspace: Workspace,
  settings: Config['window'],
  purpose: WindowHolder['purpose'],
  nowMs: () => number,
): WindowKeeper | null {
  if (windowAt(settings, nowMs()) === null) return null
  const memory = newWindowMemory()
  const allowance = allowanceIn(memory)
  const holds = windowHoldQueries(workspace.control)
  const { machine, pid, pidStarted } = thisProcess()
  const me = { machine, pid, pidStarted, purpose }

  /** One process after the other: who counts sees in the rows what others used, and here what they may still use. */
  const hold = workspace.control.transaction((tokens: number): number => {
    const { startsAtMs, endsAtMs, allowedTokens } = windowAt(settings, nowMs())!
    const others = holds.all(startsAtMs).filter((other) => !isSame(other, me) && isThere(other))
    const heldByOthers = others.reduce((sum, other) => sum + other.tokens, 0)
    // Read before the rows: what is committed between the two counts twice, never not at all.
    const uncommitted = allowance.uncommittedTokens()
    const left = allowedTokens - heldByOthers - uncommitted - windowUse(workspace, startsAtMs)
    const taken = left < tokens ? 0 : Math.max(tokens, Math.min(left, Math.ceil(allowedTokens / PARTS)))
    holds.put({ ...me, tokens: taken }, startsAtMs)
    allowance.set(taken, endsAtMs)
    return taken
  })

  return {
    memory,
    fill: (tokens) => hold.immediate(tokens) !== 0,
    close: () => holds.remove(me),
  }
}

const isSame = (a: WindowHolder, b: WindowHolder): boolean =>
  a.machine === b.machine && a.pid === b.pid && a.pidStarted === b.pidStarted && a.purpose === b.purpose

/** What a dead process held is free; what it used stands in the rows. */
function isThere({ pid, pidStarted }: WindowHolder): boolean {
  const started = startOfProcess(pid)
  return isRunning(pid) && (started === null || started === pidStarted)
}
