/**
 * The plain statements of merge-sql in DuckDB: columns instead of rows, and as many threads as the machine has.
 *
 * Its extension that reads SQLite's files comes from the network, so the same rows are brought into a file of its own
 * before the clock starts: it reads what it reads best, as SQLite does with the shards.
 */
import Database from 'better-sqlite3'
import { peer } from '../support/peer.ts'
import { UNIONS } from './merge-sql.ts'

interface Input {
  /** Where its two files are made. */
  readonly deltasPath: string
  readonly fieldPath: string
  readonly shardPaths: readonly string[]
}

/** What of DuckDB is used here; its types are not installed with the program. */
interface Appender {
  appendVarchar(value: string): void
  endRow(): void
  flushSync(): void
  closeSync(): void
}
interface Connection {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>
  createAppender(table: string): Promise<Appender>
  closeSync(): void
}
interface DuckDb {
  readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> }
}

const ROWS_PER_FLUSH = 100_000

export async function prepare({ deltasPath, shardPaths }: Input): Promise<DuckDb> {
  const duckDb = await peer<DuckDb>('@duckdb/node-api')
  const connection = await (await duckDb.DuckDBInstance.create(deltasPath)).connect()
  for (const { from } of UNIONS) await copyTable(connection, from, shardPaths)
  await connection.run('CHECKPOINT')
  connection.closeSync()
  return duckDb
}

async function copyTable(
  connection: Connection,
  table: string,
  shardPaths: readonly string[],
): Promise<void> {
  let appender: Appender | undefined
  let rows = 0
  for (const path of shardPaths) {
    const shard = new Database(path, { readonly: true })
    const read = shard.prepare<[], string[]>(`SELECT * FROM ${table}`).raw()
    if (appender === undefined) {
      const columns = read.columns().map(({ name }) => `${name} VARCHAR`)
      await connection.run(`CREATE TABLE ${table} (${columns.join(', ')})`)
      appender = await connection.createAppender(table)
    }
    for (const row of read.iterate()) {
      for (const value of row) appender.appendVarchar(value)
      appender.endRow()
      if (++rows % ROWS_PER_FLUSH === 0) appender.flushSync()
    }
    shard.close()
  }
  appender?.closeSync()
}

/** @returns rows written */
export async function contend({ deltasPath, fieldPath }: Input, { DuckDBInstance }: DuckDb): Promise<number> {
  const connection = await (await DuckDBInstance.create(fieldPath)).connect()
  await connection.run(`ATTACH '${deltasPath}' AS deltas (READ_ONLY)`)
  let rows = 0
  for (const { table, from, select } of UNIONS) {
    await connection.run(`CREATE TABLE ${table} AS WITH rows AS (SELECT * FROM deltas.${from}) ${select}`)
    const [count] = (await connection.runAndReadAll(`SELECT count(*) FROM ${table}`)).getRows()
    rows += Number(count![0])
  }
  await connection.run('CREATE UNIQUE INDEX concepts_by_id ON concepts (concept_id)')
  await connection.run('CREATE INDEX members_by_fact ON members (fact_id)')
  await connection.run('CHECKPOINT')
  connection.closeSync()
  return rows
}
