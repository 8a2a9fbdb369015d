/** What the figures were measured on, so that nobody compares two machines by accident. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os'
import Database from 'better-sqlite3'

export interface Machine {
  readonly system: string
  readonly processor: string
  readonly cores: number
  readonly memoryGb: number
  /** Runnable processes over the last minute, before the trials began: a busy machine measures slower. */
  readonly loadBefore: number
  readonly versions: Readonly<Record<string, string | null>>
}

export function describeMachine(): Machine {
  const processors = cpus()
  return {
    system: `${type()} ${release()} ${arch()}`,
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e8) / 10,
    loadBefore: Math.round(loadavg()[0]! * 100) / 100,
    versions: {
      'rff-shard': versionOf('../../package.json'),
      node: process.versions.node,
      'better-sqlite3': versionOf('../../node_modules/better-sqlite3/package.json'),
      'SQLite (bundled)': bundledSqlite(),
      sqlite3: firstLine('sqlite3', ['--version'])?.split(' ')[0] ?? null,
      postgres: firstLine('postgres', ['--version']),
      'pg-boss': versionOf('../peers/node_modules/pg-boss/package.json'),
      'graphile-worker': versionOf('../peers/node_modules/graphile-worker/package.json'),
      BullMQ: versionOf('../peers/node_modules/bullmq/package.json'),
      plainjob: versionOf('../peers/node_modules/plainjob/package.json'),
      DuckDB: versionOf('../peers/node_modules/@duckdb/node-api/package.json'),
    },
  }
}

function bundledSqlite(): string {
  const db = new Database(':memory:')
  const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get()!
  db.close()
  return version
}

/** null: not installed. */
function versionOf(packageFile: string): string | null {
  try {
    const text = readFileSync(new URL(packageFile, import.meta.url), 'utf8')
    return (JSON.parse(text) as { version: string }).version
  } catch {
    return null
  }
}

function firstLine(program: string, args: string[]): string | null {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n')[0]!.trim() : null
}
