/** status again and again: one screen that is refreshed, a plain line now and then, or an object a line. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Status } from '../control/status/status.ts'
import { count, plural } from '../language/counted.ts'
import type { CommandContext } from './command.ts'
import { dollars, millis, perCent } from './format.ts'
import { rateMeter } from './rate-meter.ts'

const TERMINAL_EVERY_MS = 1_000
const PLAIN_EVERY_MS = 5_000
const CLEAR = '\u001b[H\u001b[J'

export interface Watched {
  readonly done: number
  readonly of: number
  readonly perSecond: number
  /** At the rate of the last half minute; null where nothing moves or nothing is left. */
  readonly leftMs: number | null
}

interface Look<Found extends Status> {
  find(): Found
  describe(found: Found): string
  /** For a program. */
  print(found: Found & { readonly watched: Watched }): void
}

/** Until it is interrupted, or for as many looks as were asked for. */
export async function watchStatus<Found extends Status>(
  context: CommandContext,
  { find, describe, print }: Look<Found>,
  looks: number | null,
): Promise<void> {
  const isDrawn = context.isTerminal && !context.wantsJson
  const everyMs = isDrawn ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS
  const first = find()
  const before = doneOf(first)
  const meter = rateMeter(context.nowMs())
  for (let look = 1; !context.signal.aborted; look += 1) {
    const found = look === 1 ? first : find()
    meter.note(context.nowMs(), doneOf(found) - before)
    const watched = watchedOf(found, meter.perSecond())
    if (context.wantsJson) print({ ...found, watched })
    else if (isDrawn)
      context.write(screenOf(context, [watchLine(found, watched), '', describe(found)].join('\n')))
    else context.print(watchLine(found, watched))
    if (look === looks) return
    await sleepUnless(everyMs, context.signal)
  }
}

const doneOf = ({ totals }: Status): number => totals.ok + totals.quarantined

function watchedOf(found: Status, perSecond: number): Watched {
  const { seeds } = found.totals
  const left = seeds - doneOf(found)
  const leftMs = left === 0 || perSecond === 0 ? null : Math.round((left * 1_000) / perSecond)
  return { done: doneOf(found), of: seeds, perSecond, leftMs }
}

export function watchLine({ totals }: Status, { done, of, perSecond, leftMs }: Watched): string {
  const { ok, openAttempts, microUsd } = totals
  return [
    `${count(done)} of ${plural(of, 'cluster')}`,
    `${perCent(ok, done)} ok`,
    `${perSecond.toFixed(1)} a second`,
    `${count(openAttempts)} in flight`,
    dollars(microUsd),
    ...(leftMs === null ? [] : [`${millis(leftMs)} left`]),
  ].join(', ')
}

/** What does not fit is cut: a screen that scrolls is none. */
function screenOf({ terminalSize }: CommandContext, text: string): string {
  const { columns, rows } = terminalSize()
  const lines = text.split('\n')
  const shown =
    lines.length < rows
      ? lines
      : [...lines.slice(0, rows - 2), `… ${plural(lines.length - rows + 2, 'line')} more`]
  return CLEAR + shown.map((line) => line.slice(0, columns - 1)).join('\n')
}

async function sleepUnless(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (cause) {
    if (!signal.aborted) throw cause
  }
}
