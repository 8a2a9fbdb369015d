/** A table of a SQLite file to raw records. */
import { isUtf8 } from 'node:buffer'
import { foreignColumns, foreignRows, openForeign } from '../../../db/queries/foreign-table.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { RawRecord, Row } from '../../passes/10-plan/raw-record.ts'

const PAGE_ROWS = 20_000

/** @throws RffError input_unreadable for a damaged file, or for a table without a column of a fact */
export function* readSqlite(
  path: string,
  file: string,
  table: string,
  wanted: readonly string[],
): Generator<RawRecord[]> {
  const db = openForeign(file)
  try {
    const present = foreignColumns(db, table)
    const columns = wanted.filter((column) => present.includes(column))
    if (columns.length === 0) {
      const found = `it has ${present.join(', ')}`
      throw new RffError('input_unreadable', `${path}: table ${table} has no column of a fact; ${found}`)
    }
    yield* pages(foreignRows(db, table, columns))
  } catch (cause) {
    if (cause instanceof RffError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RffError('input_unreadable', `${path} is not a sound SQLite file: ${reason}`, { cause })
  } finally {
    db.close()
  }
}

function* pages(rows: Iterable<Record<string, unknown>>): Generator<RawRecord[]> {
  let page: RawRecord[] = []
  let rowNumber = 0
  for (const row of rows) {
    rowNumber += 1
    page.push({ kind: 'row', row: decoded(row), byteOffset: rowNumber, lineNumber: rowNumber })
    if (page.length === PAGE_ROWS) {
      yield page
      page = []
    }
  }
  if (page.length > 0) yield page
}

/** Bytes that are no text stay bytes, and are refused as such. */
const decoded = (row: Record<string, unknown>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      Buffer.isBuffer(value) && isUtf8(value) ? value.toString('utf8') : value,
    ]),
  )
