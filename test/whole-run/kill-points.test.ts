/**
 * Every command dies before one of the calls with which it changes files, and is then simply started again.
 *
 * The torture kills at random moments, most of them between two writes; here the boundaries are hit by their numbers: a
 * few in CI for what makes files and moves them, many for every command with RFF_TEST_FULL=1.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { factsFile } from '../support/demo-world.ts'
import { newFolder } from '../support/folder.ts'
import { callsToTry, countCalls, dieAt } from '../support/preload/die-at.ts'
import { canPreload } from '../support/preload/preload.ts'
import { readBooks } from '../torture/books.ts'
import { digestOf } from '../torture/scenarios.ts'

const SETTINGS = '[loop]\nseedsPerIteration = [5]\nbackoffMs = 10\n[archive]\nkeep = 1\n[run]\nthreads = 1\n'
const IS_FULL = process.env.RFF_TEST_FULL === '1'
const SOME = 2
const MANY = 40

type Args = readonly string[]

/** Done before, undisturbed; done and killed; what ends it as one who was not killed ends. */
interface Case {
  readonly before: readonly Args[]
  readonly killed: Args
  readonly after: readonly Args[]
  /** The exit of a second try where the first one had done all but end. */
  readonly exitWhereDone?: number
}

const PLAN: Args = ['plan', 'FACTS', '--shards', '2']
const RUN: Args = ['run']
const MERGE: Args = ['merge']
const SOME_RUN: Args = ['run', '--new', '--limit', '4']

const CASES: Readonly<Record<string, Case>> = {
  plan: { before: [], killed: PLAN, after: [RUN, MERGE] },
  're-plan': {
    before: [['plan', 'FEWER', '--shards', '2'], SOME_RUN],
    killed: ['plan', 'FACTS'],
    after: [RUN, MERGE],
  },
  split: {
    before: [PLAN, SOME_RUN],
    killed: ['plan', '--split', '1'],
    after: [RUN, MERGE],
    exitWhereDone: 2,
  },
  run: { before: [PLAN], killed: RUN, after: [MERGE] },
  merge: { before: [PLAN, SOME_RUN, MERGE, RUN], killed: MERGE, after: [] },
  loop: { before: [PLAN], killed: ['loop', 'once'], after: [['loop', 'start']] },
  archive: {
    before: [PLAN, SOME_RUN, MERGE, SOME_RUN, MERGE, RUN, MERGE],
    killed: ['archive', 'create'],
    after: [['archive', 'verify']],
  },
}

interface Place {
  readonly root: string
  readonly dir: string
  do(args: Args, env?: Record<string, string>): ReturnType<typeof cli>
}

/** @param from a place to copy; an empty one if not given */
function openPlace(from?: Place): Place {
  const root = newFolder()
  const dir = join(root, 'killed-rff')
  const paths: Record<string, string> = { FACTS: join(root, 'facts.jsonl'), FEWER: join(root, 'fewer.jsonl') }
  if (from === undefined) {
    const facts = readFileSync(factsFile(root, 24), 'utf8')
    writeFileSync(paths.FEWER!, `${facts.split('\n').slice(0, 15).join('\n')}\n`)
    mkdirSync(dir)
    writeFileSync(join(dir, 'rff.toml'), SETTINGS)
  } else cpSync(from.root, root, { recursive: true, preserveTimestamps: true })
  return {
    root,
    dir,
    do: (args, env) =>
      cli(
        dir,
        args.map((arg) => paths[arg] ?? arg),
        env,
      ),
  }
}

async function doAll(place: Place, commands: readonly Args[]): Promise<void> {
  for (const args of commands) {
    const { exitCode, stderr } = await place.do(args)
    expect([args.join(' '), exitCode, stderr]).toEqual([args.join(' '), 0, expect.anything()])
  }
}

function expectConserved({ dir }: Place): void {
  const { conservationDifference, coverageDifference, planned, seeds, doubleLines, doubleAnswers } =
    readBooks(dir)
  expect([conservationDifference, coverageDifference ?? 0, doubleLines, doubleAnswers]).toEqual([0, 0, 0, 0])
  if (planned !== null) expect(seeds).toBe(planned)
}

describe.skipIf(!canPreload)('a command that dies at any change of a file is ended by itself:', () => {
  test.each(Object.entries(CASES).filter(([name]) => IS_FULL || ['plan', 'split'].includes(name)))(
    '%s',
    async (_, { before, killed, after, exitWhereDone = 0 }) => {
      const begun = openPlace()
      await doAll(begun, before)
      const undisturbed = openPlace(begun)
      const count = await countCalls('/killed-rff/', (env) => undisturbed.do(killed, env))
      await doAll(undisturbed, after)
      const digest = digestOf(undisturbed.dir)
      for (const call of callsToTry(count, SOME, MANY)) {
        const place = openPlace(begun)
        const at = `call ${call} of ${count}`
        expect((await place.do(killed, dieAt('/killed-rff/', call))).signal, at).toBe('SIGKILL')
        expectConserved(place)
        const again = await place.do(killed)
        expect([0, exitWhereDone], `${at}: ${again.stderr}`).toContain(again.exitCode)
        await doAll(place, after)
        expectConserved(place)
        expect(digestOf(place.dir), at).toBe(digest)
        expect((await place.do(['audit', '--deep'])).exitCode, at).toBe(0)
        expect(readdirSync(join(place.dir, 'shards')).filter((name) => /new|building/.test(name))).toEqual([])
      }
    },
    7_200_000,
  )
})
