import type { ExportedRows } from './exported-rows.ts'

/** One file of an export while it grows. */
export interface Part {
  /** @param rowCount rows that the text holds, for the manifest */
  write(text: string, rowCount: number): void
}

/**
 * A way of writing a field down. A format opens its parts one after another and writes text; where that goes, how much
 * it was and what it hashes to is not its affair.
 */
export interface ExportFormat {
  readonly name: string
  write(rows: ExportedRows, openPart: (fileName: string) => Part): void
}
