/** A table of a SQLite file to raw records. */
import { isUtf8 } from 'node:buffer'
import { foreignColumns, foreignRows, foreignTables, openForeign } from '../../../db/queries/foreign-table.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { RawRecord, Row } from '../../passes/10-plan/raw-record.ts'
import type { IdentifiedInput } from './identify-input.ts'

const PAGE_ROWS = 20_000

/** @throws RffError input_unreadable for a damaged file, input_not_found for a table that is not there */
export function* readSqlite(input: IdentifiedInput, wanted: readonly string[]): Generator<RawRecord[]> {
  const db = openForeign(input.file)
  try {
    const table = tableOf(foreignTables(db), input)
    const present = foreignColumns(db, table)
    const columns = wanted.filter((column) => present.includes(column))
    if (columns.length === 0) {
      const found = `it has ${present.join(', ')}`
      throw new RffError(
        'input_unreadable',
        `${input.path}: table ${table} has no column of a fact; ${found}`,
      )
    }
    yield* pages(foreignRows(db, table, columns))
  } catch (cause) {
    if (cause instanceof RffError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RffError('input_unreadable', `${input.path} is not a sound SQLite file: ${reason}`, { cause })
  } finally {
    db.close()
  }
}

function tableOf(tables: readonly string[], { path, file, table }: IdentifiedInput): string {
  const listed = tables.length === 0 ? 'none' : tables.join(', ')
  if (table !== null) {
    if (tables.includes(table)) return table
    throw new RffError('input_not_found', `${file} has no table ${table}; it has ${listed}`)
  }
  if (tables.length === 1) return tables[0]!
  throw new RffError('input_not_found', `${path}: name one table as ${file}#TABLE; it has ${listed}`)
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
