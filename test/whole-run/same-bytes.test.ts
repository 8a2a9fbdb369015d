/**
 * Same plan, settings and answers: one digest, whatever the shards, the threads, the order of answers, kills, resumes,
 * splits, replays, and parts merged on the way.
 *
 * A dozen ways in CI, the same each time; RFF_TEST_FULL=1 goes many others.
 */
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { cli, cliJson, startCli } from '../support/cli.ts'
import { fieldDigest, plannedWorld, useServer, type World } from '../support/demo-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const FACTS = 160
const NUM_RUNS = process.env.RFF_TEST_FULL === '1' ? 60 : 6

interface Way {
  readonly shards: number
  readonly threads: number
  /** The built-in rules, or a server whose answers come in another order for each seed. */
  readonly serverSeed: number | null
  /** Clusters that are done when it is killed; null: it is not. */
  readonly killedAfter: number | null
  /** Clusters of a first run, with a merge behind it; null: all in one go. */
  readonly firstPart: number | null
  readonly isSplit: boolean
  readonly isReplayed: boolean
}

const STRAIGHT: Way = {
  shards: 1,
  threads: 1,
  serverSeed: null,
  killedAfter: null,
  firstPart: null,
  isSplit: false,
  isReplayed: false,
}

async function digestOf(way: Way): Promise<string> {
  const world = await plannedWorld({ facts: FACTS, shards: way.shards })
  if (way.serverSeed !== null) await answerBy(way.serverSeed, world)
  const threads = ['--threads', String(way.threads)]
  if (way.firstPart !== null) {
    await cliJson(world.dir, ['run', ...threads, '--limit', String(way.firstPart)])
    // A part may be too small for a gate; what is published or not, the whole must come out the same.
    await cli(world.dir, ['merge'])
  }
  if (way.killedAfter !== null) await killAfter(world, way.killedAfter, threads)
  if (way.isSplit) await cliJson(world.dir, ['plan', '--split', '0'])
  await cliJson(world.dir, ['run', ...threads])
  if (way.isReplayed) await cliJson(world.dir, ['replay', '--apply'])
  expect(world.conservation()).toMatchObject({ todo: 0, difference: 0 })
  await cliJson(world.dir, ['merge'])
  return fieldDigest(world)
}

/** Every answer takes another time, so that their order is another one for each seed. */
async function answerBy(seed: number, world: World): Promise<void> {
  const server = await startSimServer({ seed, latency: { medianMs: 15, sigma: 1 } })
  onTestFinished(() => server.close())
  useServer(world, server.url, 'inFlight = 8\n', 60_000)
}

/** As soon as so many clusters are done; a run that is over before was not killed, which is a way too. */
async function killAfter(world: World, clusters: number, threads: readonly string[]): Promise<void> {
  const { process: child, finished } = startCli(world.dir, ['run', ...threads])
  onTestFinished(() => void child.kill('SIGKILL'))
  const looking = setInterval(() => {
    const { ok, quarantined } = world.conservation()
    if (ok + quarantined >= clusters) child.kill('SIGKILL')
  }, 10)
  await finished
  clearInterval(looking)
  expect(world.conservation().difference).toBe(0)
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })

const ways: fc.Arbitrary<Way> = fc.record({
  shards: fc.constantFrom(1, 4, 16),
  threads: fc.constantFrom(1, 2, 4),
  serverSeed: maybe(fc.nat({ max: 1_000 })),
  killedAfter: maybe(fc.nat({ max: 30 })),
  firstPart: maybe(fc.integer({ min: 1, max: 30 })),
  isSplit: fc.boolean(),
  isReplayed: fc.boolean(),
})

test('every way gives the digest of the straight one', async () => {
  // Answers of the rules and of the server are two sets, and so two fields.
  const byRules = await digestOf(STRAIGHT)
  const byServer = await digestOf({ ...STRAIGHT, serverSeed: 0 })
  expect(byServer).not.toBe(byRules)
  await fc.assert(
    fc.asyncProperty(ways, async (way) => {
      expect(await digestOf(way)).toBe(way.serverSeed === null ? byRules : byServer)
    }),
    {
      numRuns: NUM_RUNS,
      // Each shrunken way costs seconds; the one that failed says enough.
      endOnFailure: true,
      examples: [
        [{ ...STRAIGHT, shards: 16, threads: 4, serverSeed: 1, isSplit: true }],
        [{ ...STRAIGHT, shards: 4, threads: 2, serverSeed: 2, killedAfter: 12, isReplayed: true }],
        [{ ...STRAIGHT, shards: 4, threads: 1, firstPart: 15, killedAfter: 20, isSplit: true }],
      ],
    },
  )
}, 7_200_000)
