/** Which table of a SQLite file is meant, before anything is read. */
import { foreignTables, openForeign } from '../../../db/queries/foreign-table.ts'
import { RffError } from '../../../schemas/failure.ts'

/**
 * @param named the table that a person named; null where none was, which is enough for a file of one table
 * @throws RffError input_unreadable for a file that is no database, input_not_found with the tables that there are
 */
export function nameTable(file: string, named: string | null): string {
  const tables = tablesOf(file)
  const listed = tables.length === 0 ? 'none' : tables.join(', ')
  if (named !== null) {
    if (tables.includes(named)) return named
    throw new RffError('input_not_found', `${file} has no table ${named}; it has ${listed}`)
  }
  if (tables.length === 1) return tables[0]!
  throw new RffError('input_not_found', `${file}: name one table as ${file}#TABLE; it has ${listed}`)
}

function tablesOf(file: string): string[] {
  const db = openForeign(file)
  try {
    return foreignTables(db)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RffError('input_unreadable', `${file} is not a sound SQLite file: ${reason}`, { cause })
  } finally {
    db.close()
  }
}
