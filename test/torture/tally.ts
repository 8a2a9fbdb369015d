/** Counts of one torture, and the table that tells them. */

export interface Tally {
  kills(): number
  killed(deed: string): void
  /** A sleeper lost its lease. */
  sleptThrough(): void
  /** A sleeper stood inside a write, so that nobody could pass it. */
  sleptInWrite(): void
  clockJumped(): void
  fault(deed: string, told: string): void
  faults(): readonly string[]
  lost(count: number): void
  finishedTwice(count: number): void
  /** @param place what the counts belong to; the last ones of each place hold */
  askedTwice(place: string, billedAgain: number, unknown: number): void
  backAtWork(ms: number): void
  compare(scenario: string, expected: string, found: string): void
  totals(): Totals
  table(): string
}

export interface Totals {
  readonly lost: number
  readonly askedTwice: number
  readonly unknown: number
  readonly finishedTwice: number
  readonly sleptThrough: number
  readonly sleptInWrite: number
  readonly clockJumps: number
  readonly worlds: number
  readonly sameDigest: number
  readonly longestBackAtWorkMs: number
}

export function newTally(): Tally {
  const killsByDeed = new Map<string, number>()
  const faults: string[] = []
  const asked = new Map<string, { billedAgain: number; unknown: number }>()
  const seen = {
    lost: 0,
    finishedTwice: 0,
    sleptThrough: 0,
    sleptInWrite: 0,
    clockJumps: 0,
    worlds: 0,
    sameDigest: 0,
    longestBackAtWorkMs: 0,
  }
  const kills = () => [...killsByDeed.values()].reduce((a, b) => a + b, 0)
  const sum = (part: 'billedAgain' | 'unknown') => [...asked.values()].reduce((n, one) => n + one[part], 0)
  const totals = (): Totals => ({ ...seen, askedTwice: sum('billedAgain'), unknown: sum('unknown') })
  return {
    kills,
    killed: (deed) => void killsByDeed.set(deed, (killsByDeed.get(deed) ?? 0) + 1),
    sleptThrough() {
      seen.sleptThrough += 1
    },
    sleptInWrite() {
      seen.sleptInWrite += 1
    },
    clockJumped() {
      seen.clockJumps += 1
    },
    fault: (deed, told) => void faults.push(`${deed}: ${told}`),
    faults: () => faults,
    lost(count) {
      seen.lost += count
    },
    finishedTwice(count) {
      seen.finishedTwice += count
    },
    askedTwice: (place, billedAgain, unknown) => void asked.set(place, { billedAgain, unknown }),
    backAtWork(ms) {
      seen.longestBackAtWorkMs = Math.max(seen.longestBackAtWorkMs, ms)
    },
    compare(scenario, expected, found) {
      seen.worlds += 1
      if (expected === found) seen.sameDigest += 1
      else faults.push(`${scenario}: digest ${found}, undisturbed ${expected}`)
    },
    totals,
    table: () => tableOf(killsByDeed, kills(), totals(), faults.length),
  }
}

function tableOf(
  killsByDeed: ReadonlyMap<string, number>,
  kills: number,
  totals: Totals,
  faultCount: number,
): string {
  const { lost, askedTwice, unknown, finishedTwice, worlds, sameDigest, longestBackAtWorkMs } = totals
  const byDeed = [...killsByDeed].sort(([a], [b]) => (a < b ? -1 : 1))
  const rows: [string, string | number][] = [
    ...byDeed.map(([deed, n]): [string, number] => [`kills of ${deed}`, n]),
    ['kills in all', kills],
    ['processes whose clock jumped by an hour', totals.clockJumps],
    ['sleepers that lost their lease', totals.sleptThrough],
    ['sleepers inside a write, whom nobody passed', totals.sleptInWrite],
    ['lost', lost],
    ['asked twice, all of them booked as unknown', `${askedTwice} of ${unknown} unknown`],
    ['finished twice', finishedTwice],
    ['fields with the digest of an undisturbed one', `${sameDigest} of ${worlds}`],
    ['longest time until back at work', `${(longestBackAtWorkMs / 1_000).toFixed(2)} s`],
    ['faults', faultCount],
  ]
  return ['| what | count |', '| --- | --- |', ...rows.map(([what, n]) => `| ${what} | ${n} |`)].join('\n')
}
