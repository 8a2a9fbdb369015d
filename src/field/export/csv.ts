/**
 * CSV, a file a table, as RFC 4180 has it but for line feeds alone at the ends of lines.
 *
 * A text that a spreadsheet would take for a formula begins with an apostrophe: facts come from anywhere, and a formula
 * can send away what else is in the sheet. Whoever needs texts letter by letter takes another format.
 */
import type { ExportFormat, Part } from './format.ts'
import { type Cell, TABLES, type TableName, tableRows } from './tables.ts'

const ROWS_PER_WRITE = 200
const LOOKS_LIKE_A_FORMULA = /^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/
const NEEDS_QUOTES = /[",\r\n]/

export const csv: ExportFormat = {
  name: 'csv',
  isStream: false,
  write(rows, openPart) {
    const sinks = new Map<TableName, ReturnType<typeof rowSink>>()
    for (const { name, columns } of Object.values(TABLES))
      sinks.set(name, rowSink(openPart(`${name}.csv`), columns.map((column) => column.name).join(',')))
    for (const [table, cells] of tableRows(rows)) sinks.get(table)!.put(cells.map(csvCell).join(','))
    for (const sink of sinks.values()) sink.flush()
  },
}

function rowSink(part: Part, header: string) {
  part.write(`${header}\n`, 0)
  let lines: string[] = []
  const flush = (): void => {
    if (lines.length > 0) part.write(`${lines.join('\n')}\n`, lines.length)
    lines = []
  }
  return {
    put(line: string): void {
      lines.push(line)
      if (lines.length === ROWS_PER_WRITE) flush()
    },
    flush,
  }
}

/** null is an empty cell; an empty text is an empty cell in quotes. */
export function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = LOOKS_LIKE_A_FORMULA.test(cell) ? `'${cell}` : cell
  return safe === '' || NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
