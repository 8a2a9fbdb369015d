/** A workspace over the demo's corpus (or the beginning of it), made by the real command line. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { cliJson } from './cli.ts'
import { newFolder } from './folder.ts'
import { newSharedFolder } from './shared-folder.ts'

const DEMO_FACTS = new URL('../../demo/facts.jsonl', import.meta.url)

export interface Conservation {
  readonly seeds: number
  readonly todo: number
  readonly ok: number
  readonly quarantined: number
  readonly difference: number
}

export interface World {
  readonly dir: string
  /** Rows of a query over every shard file, in the order of the files. */
  shardRows<T>(sql: string): T[]
  /** Of all shards together. */
  conservation(): Conservation
}

/** @param facts how many lines of the demo's corpus; all if not given */
export function factsFile(dir: string, facts?: number): string {
  const lines = readFileSync(DEMO_FACTS, 'utf8').trimEnd().split('\n')
  const path = join(dir, 'facts.jsonl')
  writeFileSync(path, `${lines.slice(0, facts).join('\n')}\n`)
  return path
}

export function openWorld(folder = newFolder()): World {
  const dir = join(folder, 'rff')
  const shardRows = <T>(sql: string): T[] =>
    readdirSync(join(dir, 'shards'))
      .filter((name) => name.endsWith('.sqlite'))
      .sort()
      .flatMap((name) => {
        const db = new Database(join(dir, 'shards', name), { readonly: true })
        try {
          return db.prepare(sql).all() as T[]
        } finally {
          db.close()
        }
      })
  return {
    dir,
    shardRows,
    conservation: () =>
      shardRows<Conservation>('SELECT * FROM audit_conservation').reduce((sum, row) => ({
        seeds: sum.seeds + row.seeds,
        todo: sum.todo + row.todo,
        ok: sum.ok + row.ok,
        quarantined: sum.quarantined + row.quarantined,
        difference: sum.difference + row.difference,
      })),
  }
}

interface PlanOptions {
  readonly facts?: number
  readonly shards?: number
  readonly args?: readonly string[]
}

/** Plans of this process that were made before, by their options: a copy is there in no time. */
const plans = new Map<string, Promise<World>>()

/** @returns a workspace with a plan, ready to run */
export async function plannedWorld({
  folder,
  ...options
}: PlanOptions & { folder?: string } = {}): Promise<World> {
  const name = JSON.stringify([options.facts, options.shards, options.args])
  const made = plans.get(name) ?? makePlan(newSharedFolder('rff-plan-'), options)
  plans.set(name, made)
  return copyOf(await made, folder)
}

async function makePlan(folder: string, { facts, shards = 4, args = [] }: PlanOptions): Promise<World> {
  const world = openWorld(folder)
  mkdirSync(world.dir, { recursive: true })
  await cliJson(world.dir, ['plan', factsFile(world.dir, facts), '--shards', String(shards), ...args])
  return world
}

/** @returns the same workspace in another folder, where a test may do to it what it likes */
export function copyOf({ dir }: World, folder?: string): World {
  const copy = openWorld(folder)
  cpSync(dir, copy.dir, { recursive: true })
  return copy
}

/** Settings that send a workspace's requests to a simulated server. */
export function useServer(world: Pick<World, 'dir'>, url: string, more = '', deadlineMs = 2_000): void {
  const circuit = more.includes('circuitOpenMs') ? '' : 'circuitOpenMs = 200\n'
  writeFileSync(
    join(world.dir, 'rff.toml'),
    `[models]\nprimary = "sim/model-a"\n[providers.sim]\nbaseUrl = "${url}"\n[run]\ndeadlineMs = ${deadlineMs}\nbackoffMs = 20\n${circuit}${more}\n`,
  )
}

/** The folder of the field that is published. */
export const currentField = ({ dir }: Pick<World, 'dir'>): string =>
  join(dir, 'field', readFileSync(join(dir, 'field/_current/MERGED'), 'utf8').trim())

export function fieldDigest(world: World): string {
  const manifest = JSON.parse(readFileSync(join(currentField(world), 'manifest.json'), 'utf8')) as {
    field_digest: string
  }
  return manifest.field_digest
}
