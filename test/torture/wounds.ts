/** What is done to the processes of a deed: they are killed, put to sleep through their lease, given clocks that jump. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Finished, type RunningCli, startCli } from '../support/cli.ts'
import { canPreload } from '../support/preload/preload.ts'
import { clockThatJumps } from '../support/preload/shift-clock.ts'
import { contentOf } from './books.ts'
import type { Place } from './place.ts'
import type { Deed } from './scenarios.ts'
import type { Tally } from './tally.ts'

/** What a deed is when nobody disturbs it: where in it something may hit. */
export interface Course {
  readonly tookMs: number
  readonly requests: number
}

const HOUR_S = 3_600
const SHARE_OF_JUMPS = 0.2

export const start = (place: Place, { commands }: Deed): RunningCli[] =>
  commands.map((args) => startCli(place.dir, args))

/** Some of the processes get a clock that jumps by an hour, in either direction, at some moment of their course. */
export function startWithClocks(
  place: Place,
  { commands }: Deed,
  { tookMs }: Course,
  random: () => number,
  tally: Tally,
): RunningCli[] {
  return commands.map((args) => {
    const [jumps, direction, share] = [random() < SHARE_OF_JUMPS, random() < 0.5 ? 1 : -1, random()]
    if (!jumps || !canPreload) return startCli(place.dir, args)
    tally.clockJumped()
    const clock = clockThatJumps(direction * HOUR_S, place.root)
    const running = startCli(place.dir, args, clock.env)
    const timer = setTimeout(clock.jump, share * tookMs)
    running.process.once('exit', () => clearTimeout(timer))
    return running
  })
}

/**
 * Waits for a moment of a deed: behind a share of its requests where a server counts, else of its time. Starting takes
 * a large part of the time, and little can break in it.
 *
 * @param share in [0, 1)
 * @returns false where the deed was over before
 */
export async function waitForMoment(
  { server }: Place,
  { tookMs, requests }: Course,
  share: number,
  ending: Promise<unknown>,
): Promise<boolean> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  ending.then(over, over)
  const until = performance.now() + share * tookMs
  const before = (await server?.stats())?.requests ?? 0
  const isTime = async (): Promise<boolean> => {
    if (server === null || requests === 0) return performance.now() >= until
    return (await server.stats()).requests >= before + Math.ceil(share * requests)
  }
  while (!isOver && !(await isTime())) await sleep(3)
  return !isOver
}

/** @returns how the processes ended by themselves that the kill did not hit, and whether it hit one */
export async function killOnce(
  place: Place,
  course: Course,
  share: number,
  running: readonly RunningCli[],
): Promise<{ readonly byThemselves: readonly Finished[]; readonly wasKilled: boolean }> {
  const ending = Promise.all(running.map(({ finished }) => finished))
  await waitForMoment(place, course, share, ending)
  for (const { process: child } of running) child.kill('SIGKILL')
  const ended = await ending
  return {
    byThemselves: ended.filter(({ signal }) => signal === null),
    wasKilled: ended.some(({ signal }) => signal === 'SIGKILL'),
  }
}

/**
 * A process stands still at a random moment while another one does its work, and then goes on.
 *
 * Stopped outside a write it must lose its lease, say so and change nothing; stopped inside one nobody can pass it, so
 * it is the other one that is refused.
 *
 * @param deed of one command that writes shards
 */
export async function sleepThrough(
  place: Place,
  deed: Deed,
  course: Course,
  share: number,
  tally: Tally,
): Promise<void> {
  const fault = (told: string) => tally.fault(`${deed.name} asleep`, told)
  const [sleeper] = start(place, deed)
  if (!(await waitForMoment(place, course, share, sleeper!.finished))) return
  sleeper!.process.kill('SIGSTOP')
  const [other] = start(place, deed)
  const { exitCode, stderr } = await other!.finished
  const before = contentOf(place.dir)
  sleeper!.process.kill('SIGCONT')
  const woken = await sleeper!.finished
  if (exitCode === 0) {
    tally.sleptThrough()
    if (contentOf(place.dir) !== before) fault('it changed a shard when it woke')
    const isTold = woken.exitCode === 8 && /lease_lost/.test(woken.stderr)
    // One that had only its report left to write lost nothing.
    if (!isTold && woken.exitCode !== 0) fault(`it ended with ${woken.exitCode}: ${woken.stderr.slice(-400)}`)
    return
  }
  tally.sleptInWrite()
  if (exitCode !== 8) fault(`the other one ended with ${exitCode}: ${stderr.slice(-400)}`)
  // It keeps the shard that it stood in; the others it may have lost.
  if (![0, 8].includes(woken.exitCode ?? -1))
    fault(`it ended with ${woken.exitCode}: ${woken.stderr.slice(-400)}`)
}
