/**
 * The kill loop: real processes, SIGKILL at random moments, and after every kill the books.
 *
 * Everything that is random comes from the seed, but the moment at which a kill hits differs from run to run, as the
 * machine is faster or slower: the same seed is the same torture, not the same wound.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { cli, type Finished } from '../support/cli.ts'
import { type Books, readBooks } from './books.ts'
import { openPlace, type Place } from './place.ts'
import { seededRandom } from './random.ts'
import { type Deed, digestOf, SCENARIOS, type Scenario } from './scenarios.ts'
import { newTally, type Tally } from './tally.ts'
import { type Course, killOnce, sleepThrough, start, startWithClocks } from './wounds.ts'

export interface TortureOptions {
  readonly kills: number
  readonly seed: number
  /** Of the demo's corpus. */
  readonly facts: number
  /** Deeds of one workspace that are killed before it is left to finish; 6 if not given. */
  readonly killsPerWorld?: number
  /** Ends it after the present workspace. */
  readonly signal?: AbortSignal
  readonly onWorld?: (told: string) => void
}

export async function torture({
  kills,
  seed,
  facts,
  killsPerWorld = 6,
  signal,
  onWorld,
}: TortureOptions): Promise<Tally> {
  const tally = newTally()
  const undisturbed = new Map<string, Reference>()
  for (let world = 0; tally.kills() < kills && signal?.aborted !== true; world += 1) {
    const scenario = SCENARIOS[world % SCENARIOS.length]!
    const reference = undisturbed.get(scenario.name) ?? (await undisturbedWorld(scenario, seed, facts))
    undisturbed.set(scenario.name, reference)
    const wanted = Math.min(killsPerWorld, kills - tally.kills())
    const faultsBefore = tally.faults().length
    await tortureWorld(scenario, reference, { seed: seed + world, facts, wanted }, tally)
    onWorld?.(`world ${world} (${scenario.name}): ${tally.kills()} kills, ${tally.faults().length} faults`)
    for (const told of tally.faults().slice(faultsBefore)) onWorld?.(`  ${told}`)
  }
  return tally
}

interface Reference {
  readonly digest: string
  readonly courses: readonly Course[]
}

async function undisturbedWorld(scenario: Scenario, seed: number, facts: number): Promise<Reference> {
  const place = await openPlace(scenario.answerer, seed, facts)
  try {
    const courses: Course[] = []
    for (const deed of scenario.deeds(place)) {
      const began = performance.now()
      const before = (await place.server?.stats())?.requests ?? 0
      for (const { exitCode, stderr } of await Promise.all(
        start(place, deed).map(({ finished }) => finished),
      ))
        if (exitCode !== 0) throw new Error(`undisturbed ${deed.name} ended with ${exitCode}: ${stderr}`)
      const after = (await place.server?.stats())?.requests ?? 0
      courses.push({ tookMs: performance.now() - began, requests: after - before })
    }
    return { digest: digestOf(place.dir), courses }
  } finally {
    await place.close()
  }
}

async function tortureWorld(
  scenario: Scenario,
  { digest, courses }: Reference,
  { seed, facts, wanted }: { seed: number; facts: number; wanted: number },
  tally: Tally,
): Promise<void> {
  const random = seededRandom(seed)
  const place = await openPlace(scenario.answerer, seed, facts)
  try {
    const deeds = scenario.deeds(place)
    const victims = Array.from({ length: wanted }, () => Math.floor(random() * deeds.length)).sort()
    let before = readBooks(place.dir)
    for (const [at, deed] of deeds.entries()) {
      const course = courses[at]!
      const isOver = (): boolean => deed.isOver?.(place) === true
      const book = async (): Promise<void> => {
        before = await checkBooks(place, before, deed, tally)
      }
      if (canSleep(place, deed, course) && random() < SHARE_OF_SLEEPERS) {
        await sleepThrough(place, deed, course, random(), tally)
        await book()
      }
      for (let kill = victims.filter((victim) => victim === at).length; kill > 0 && !isOver(); kill -= 1) {
        const running = startWithClocks(place, deed, course, random, tally)
        const { byThemselves, wasKilled } = await killOnce(place, course, random(), running)
        expectGoodEnds(deed, byThemselves, tally)
        if (wasKilled) tally.killed(deed.name)
        await book()
        if (!wasKilled) break
      }
      if (isOver()) continue
      await finish(place, deed, tally)
      await book()
    }
    tally.compare(scenario.name, digest, digestOf(place.dir))
    await audit(place, tally)
    for (const told of scenario.check(place)) tally.fault(scenario.name, told)
  } catch (cause) {
    tally.fault(scenario.name, `seed ${seed}: ${cause instanceof Error ? cause.message : String(cause)}`)
  } finally {
    await place.close()
  }
}

const SHARE_OF_SLEEPERS = 0.5

/** One process that asks a server long enough to be passed. */
const canSleep = ({ server }: Place, { name, commands }: Deed, { requests }: Course): boolean =>
  server !== null && name === 'run' && commands.length === 1 && requests > 0

/** The same commands again, until they end by themselves: nothing else may be needed after a kill. */
async function finish(place: Place, deed: Deed, tally: Tally): Promise<void> {
  const began = performance.now()
  const isRun = place.server !== null && ['run', 'loop'].includes(deed.name)
  const requestsBefore = isRun ? (await place.server.stats()).requests : 0
  const running = start(place, deed)
  const all = Promise.all(running.map(({ finished }) => finished))
  if (isRun) {
    let isOver = false
    void all.then(() => {
      isOver = true
    })
    const hasAsked = async () => (await place.server!.stats()).requests > requestsBefore
    while (!isOver && !(await hasAsked())) await sleep(10)
    if (await hasAsked()) tally.backAtWork(performance.now() - began)
  }
  expectGoodEnds(deed, await all, tally)
}

function expectGoodEnds(deed: Deed, ended: readonly Finished[], tally: Tally): void {
  for (const { exitCode, stderr } of ended) {
    // Somebody else's lock is a right answer where two processes meet.
    if (exitCode === 0 || (exitCode === 8 && ended.length > 1)) continue
    tally.fault(deed.name, `ended with ${exitCode}: ${stderr.slice(-400)}`)
  }
}

/** @returns the books as they stand now, for the next comparison */
async function checkBooks(place: Place, before: Books, deed: Deed, tally: Tally): Promise<Books> {
  const now = readBooks(place.dir)
  const fault = (told: string) => tally.fault(deed.name, told)
  if (now.conservationDifference !== 0) fault(`conservation differs by ${now.conservationDifference}`)
  if (now.coverageDifference !== null && now.coverageDifference !== 0)
    fault(`coverage differs by ${now.coverageDifference}`)
  if (now.planned !== null && now.planned !== now.seeds) tally.lost(Math.abs(now.planned - now.seeds))
  tally.lost([...before.answered].filter((id) => !now.answered.has(id)).length)
  tally.finishedTwice(now.doubleLines + now.doubleAnswers)
  if (place.server === null) return now
  const { billed, billedAgain } = await place.server.stats()
  const open = now.unknown + now.sent
  if (now.settled + open < billed) fault(`${billed} billed, ${now.settled} settled and ${open} unknown`)
  if (billedAgain > open) fault(`${billedAgain} billed again, ${open} unknown`)
  tally.askedTwice(place.dir, billedAgain, open)
  return now
}

async function audit(place: Place, tally: Tally): Promise<void> {
  const { exitCode, stdout } = await cli(place.dir, ['audit', '--deep'])
  if (exitCode !== 0) tally.fault('audit', stdout.slice(-400))
}
