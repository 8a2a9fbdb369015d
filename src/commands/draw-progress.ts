/** A run on a terminal: a line for each shard that is worked on, and one for all of them. Pure. */
import { count, plural } from '../language/counted.ts'
import { dollars, millis, perCent } from './format.ts'

export interface Pace {
  readonly done: number
  /** null where nobody knows how much there is. */
  readonly of: number | null
  readonly ok: number
  readonly microUsd: number
  readonly perSecond: number
}

export interface ProgressView {
  readonly shards: readonly (Pace & { readonly shardNo: number })[]
  readonly total: Pace
  readonly capMicroUsd: number | null
  /** At the rate of now; null where nobody can tell. */
  readonly leftMs: number | null
  readonly isPaused: boolean
}

/** Lines that a bar needs beside it, and the most that is worth looking at. */
const LEAST_BAR = 8
const LONGEST_BAR = 40

/** @returns at most `rows` lines, each at most `columns` characters */
export function drawProgress(
  view: ProgressView,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string[] {
  const room = Math.max(0, rows - 1)
  const shown = view.shards.length <= room ? view.shards : view.shards.slice(0, Math.max(0, room - 1))
  const more = view.shards.length - shown.length
  const texts = shown.map((shard) => ({ pace: shard, text: shardText(shard) }))
  const all = { pace: view.total, text: totalText(view) }
  const width = Math.max(...[...texts, all].map(({ text }) => text.length))
  const bar = Math.min(LONGEST_BAR, columns - width - 3)
  const line = ({ pace, text }: { pace: Pace; text: string }): string =>
    cut(bar >= LEAST_BAR ? `${text.padEnd(width)}  ${barOf(pace, bar)}` : text, columns)
  return [
    ...texts.map(line),
    ...(more > 0 && room > 0 ? [cut(`… and ${plural(more, 'shard')} more`, columns)] : []),
    line(all),
  ]
}

const cut = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`

const shardText = ({ shardNo, ...pace }: Pace & { readonly shardNo: number }): string =>
  `${String(shardNo).padStart(4, '0')}  ${paceText(pace)}  ${dollars(pace.microUsd).padStart(7)}`

function totalText({ total, capMicroUsd, leftMs, isPaused }: ProgressView): string {
  const spent = capMicroUsd === null ? '' : ` of ${dollars(capMicroUsd)}`
  const end = isPaused ? 'paused' : leftMs === null ? '' : `${millis(leftMs)} left`
  return `all   ${paceText(total)}  ${dollars(total.microUsd).padStart(7)}${spent}  ${end}`.trimEnd()
}

const paceText = ({ done, of, ok, perSecond }: Pace): string =>
  [
    `${count(done)}${of === null ? '' : ` of ${count(of)}`}`.padEnd(15),
    `${perSecond.toFixed(1)}/s`.padStart(8),
    `${perCent(ok, done)} ok`.padStart(10),
  ].join('  ')

function barOf({ done, of }: Pace, width: number): string {
  if (of === null || of === 0) return ''
  const filled = Math.min(width, Math.floor((done / of) * width))
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}

/** For a pipe, a log, CI: the total alone, on one plain line. */
export function progressSentence({ total, capMicroUsd, leftMs, isPaused }: ProgressView): string {
  const { done, of, ok, microUsd, perSecond } = total
  return [
    `${count(done)}${of === null ? '' : ` of ${count(of)}`} clusters`,
    `${perCent(ok, done)} ok`,
    `${perSecond.toFixed(1)} a second`,
    `${dollars(microUsd)}${capMicroUsd === null ? '' : ` of ${dollars(capMicroUsd)}`}`,
    ...(isPaused ? ['paused'] : leftMs === null ? [] : [`${millis(leftMs)} left`]),
  ].join(', ')
}
