/**
 * The delta rows of a few shards in the order of their key, in a file that is thrown away once the field has them.
 *
 * Rows of a thousandth of the shards touch nearly every page of a raw table, so shards that go into it group by group
 * write it anew with each group. Merged from runs it is written once, from front to back.
 */
import Database from 'better-sqlite3'
import type { Db } from '../open.ts'
import { setUnsafe } from './field-building.ts'
import { columnsOf, RAW_TABLES, type RawTable } from './field-tables.ts'
import { makeKnown } from './known-clusters.ts'

/** Made by one thread, which adds one run after another. */
export interface RunFile {
  readonly path: string
  readonly runCount: number
}

export function createRuns(path: string): Db {
  const db = new Database(path)
  setUnsafe(db)
  db.pragma('cache_size = -2048') // Rows come in their order, so a page that is full is done.
  makeKnown(db, 'main')
  return db
}

const runOf = ({ name }: RawTable, runNo: number): string => `${name}_${runNo}`

/** Adds the rows of the attached shards as a run. SQLite merges the sorted arms without sorting. */
export function addRun(db: Db, runNo: number, shards: readonly string[]): void {
  for (const table of RAW_TABLES) {
    const columns = columnsOf(table)
    db.exec(`
      CREATE TABLE main.${runOf(table, runNo)} (
        ${columns.map((column) => `${column} TEXT NOT NULL`).join(', ')}, PRIMARY KEY (${table.key.join(', ')})
      ) STRICT, WITHOUT ROWID`)
    const arms = shards.map((shard) => `SELECT ${columns.join(', ')} FROM ${shard}.${table.deltaName}`)
    insertSorted(db, runOf(table, runNo), table, arms)
  }
}

/** SQLite takes 500 arms in one statement. */
const MOST_RUNS = 400

/** @param files by the schema under which each is attached */
export function takeRuns(db: Db, files: ReadonlyMap<string, RunFile>): void {
  for (const table of RAW_TABLES) {
    const arms = [...files].flatMap(([schema, { runCount }]) =>
      Array.from(
        { length: runCount },
        (_, runNo) => `SELECT ${columnsOf(table).join(', ')} FROM ${schema}.${runOf(table, runNo)}`,
      ),
    )
    for (let at = 0; at < arms.length; at += MOST_RUNS)
      insertSorted(db, table.name, table, arms.slice(at, at + MOST_RUNS))
  }
}

/** @param arms of the same columns, each sorted by the key */
export function insertSorted(db: Db, into: string, table: RawTable, arms: readonly string[]): void {
  const columns = columnsOf(table).join(', ')
  db.exec(
    `INSERT INTO main.${into} (${columns}) ${arms.join(' UNION ALL ')} ORDER BY ${table.key.join(', ')}`,
  )
}
