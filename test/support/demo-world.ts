/** A workspace over the demo's corpus (or the beginning of it), made by the real command line. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { cliJson } from './cli.ts'
import { newFolder } from './folder.ts'

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

/** @returns a workspace with a plan, ready to run */
export async function plannedWorld(
  options: { facts?: number; shards?: number; args?: string[]; folder?: string } = {},
): Promise<World> {
  const world = openWorld(options.folder)
  mkdirSync(world.dir, { recursive: true })
  const file = factsFile(world.dir, options.facts)
  await cliJson(world.dir, ['plan', file, '--shards', String(options.shards ?? 4), ...(options.args ?? [])])
  return world
}

/** Settings that send a workspace's requests to a simulated server. */
export function useServer(world: Pick<World, 'dir'>, url: string, more = '', deadlineMs = 2_000): void {
  writeFileSync(
    join(world.dir, 'rff.toml'),
    `[models]\nprimary = "sim/model-a"\n[providers.sim]\nbaseUrl = "${url}"\n[run]\ndeadlineMs = ${deadlineMs}\nbackoffMs = 20\ncircuitOpenMs = 200\n${more}\n`,
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
