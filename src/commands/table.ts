/** Rows under headings, in columns that are as wide as they must be. */
import { printableLine } from '../language/printable.ts'

export interface Column {
  readonly heading: string
  /** Numbers stand at the right. */
  readonly isNumber?: boolean
}

/** @param rows cells as people read them; each row has as many as there are columns */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ heading }) => heading), ...rows.map((row) => row.map(printableLine))]
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)))
  return cells
    .map((row) =>
      row
        .map((cell, at) => (columns[at]!.isNumber ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
