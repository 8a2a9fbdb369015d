/**
 * A command recorded below the file system, cut at every sync, and each state that a power cut could have left judged.
 *
 * The recording is what the command wrote and synced; unsynced changes are dropped, and once more some of them kept, some
 * by half.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { audit } from '../../../src/control/audit/audit.ts'
import { openWorkspace } from '../../../src/control/workspace.ts'
import { seededRandom } from '../../torture/random.ts'
import { cliJson } from '../cli.ts'
import { factsFile } from '../demo-world.ts'
import { newFolder } from '../folder.ts'
import { recordCli } from './cli-on-disk.ts'
import { type Disk, type Image, readImage, writeImage } from './disk.ts'
import { type Cut, diskAfter, powerCuts } from './power-cuts.ts'
import type { DiskEvent } from './read-log.ts'

const IS_FULL = process.env.RFF_TEST_FULL === '1'
const TORN_PER_SYNC = IS_FULL ? 6 : 1
const FACTS = IS_FULL ? 160 : 32
/** Of so many states, one is also run to its end. */
const RESUMED_ONE_IN = IS_FULL ? 12 : 50

/** What is judged was on a disk already, so it need not be synced to one again. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** `root/rff` is the workspace; everything below root is recorded. */
export interface Place {
  readonly root: string
  readonly dir: string
  readonly facts: string
}

export function openPlace(): Place {
  const root = newFolder()
  const dir = join(root, 'rff')
  mkdirSync(dir)
  return { root, dir, facts: factsFile(newFolder(), FACTS) }
}

export async function plannedPlace(): Promise<Place> {
  const place = openPlace()
  await cliJson(place.dir, ['plan', place.facts, '--shards', '2'])
  return place
}

/** Runs a command with the recorder on, from the state that the folder is in. */
export async function record({ root, dir }: Place, args: readonly string[]) {
  const before = readImage(root)
  const { events, exitCode, stderr } = await recordCli(root, dir, args)
  expect([exitCode, stderr]).toEqual([0, expect.any(String)])
  return { before, events, after: readImage(root) }
}

export interface Found {
  /** What is wrong, each with the cut that shows it; none on a sound program. */
  readonly faults: string[]
  readonly dropped: number
  readonly torn: number
  /** Databases of all states, each opened by what judges it. */
  readonly opened: number
  readonly resumed: number
}

export interface Trial {
  readonly before: Image
  readonly events: readonly DiskEvent[]
  readonly onMessage?: (disk: Disk, text: string) => void
  /** @returns what is wrong with the folder that the cut left */
  readonly judge: (dir: string, cut: Cut) => Promise<string[]>
  /** Goes on from it, as a person would. @returns what is wrong then */
  readonly resume: (dir: string, cut: Cut) => Promise<string[]>
}

export async function cutEverywhere({ before, events, judge, resume, onMessage }: Trial): Promise<Found> {
  const found = { faults: [] as string[], dropped: 0, torn: 0, opened: 0, resumed: 0 }
  const options = { tornPerSync: TORN_PER_SYNC, random: seededRandom(7), ...(onMessage ? { onMessage } : {}) }
  for (const cut of powerCuts(before, events, options)) {
    if (cut.kind === 'torn' && !IS_FULL && cut.syncs % 3 !== 0) continue
    found[cut.kind] += 1
    found.opened += [...cut.image.keys()].filter((path) => path.endsWith('.sqlite')).length
    const root = mkdtempSync(join(MEMORY, 'rff-cut-'))
    try {
      writeImage(cut.image, root)
      const dir = join(root, 'rff')
      const wrong = await judge(dir, cut)
      if ((found.dropped + found.torn) % RESUMED_ONE_IN === 7) {
        found.resumed += 1
        wrong.push(...(await resume(dir, cut)))
      }
      found.faults.push(...wrong.map((fault) => `${cut.kind} after sync ${cut.syncs}: ${fault}`))
    } finally {
      rmSync(root, { recursive: true })
    }
  }
  return found
}

/** Every invariant of every file, SQLite's own check of each page among them. */
export async function auditDeeply(dir: string): Promise<string[]> {
  const workspace = openWorkspace(dir, 'use')
  try {
    const { checks } = await audit(workspace, { isDeep: true })
    return checks
      .filter(({ passed, skipped }) => !passed && skipped === null)
      .map(({ name, file, found }) => `${name} in ${file}: ${found}`)
  } finally {
    workspace.close()
  }
}

/** What a command that has ended told the user is done, and a power cut now would take back. */
export const notKept = (before: Image, events: readonly DiskEvent[]): string[] => {
  const disk = diskAfter(before, events)
  const [kept, live] = [disk.kept(), disk.live()]
  return [...live.keys()].filter((path) => !kept.has(path) && !IS_FOR_SQLITE_ALONE.test(path))
}
/** An empty WAL is made by whoever opens the file. */
const IS_FOR_SQLITE_ALONE = /-wal$/

export const tell = (what: string, { dropped, torn, opened, resumed, faults }: Found): void =>
  void process.stderr.write(
    `power loss, ${what}: cut at ${dropped} syncs, ${torn} torn states, ${opened} databases opened, ${resumed} went on to the end, ${faults.length} violations\n`,
  )

/** Every state of the full mode is opened and audited, thousands of databases. */
export const LIMIT_MS = IS_FULL ? 3_600_000 : 240_000
