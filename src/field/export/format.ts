import type { ExportedRows } from './exported-rows.ts'

/** One file of an export while it grows. */
export interface Part {
  /** @param rowCount rows that the bytes hold, for the manifest */
  write(bytes: string | Uint8Array, rowCount: number): void
}

/**
 * A way of writing a field down. A format opens its parts, several at once if it likes, and writes to them; where that
 * goes, how much it was and what it hashes to is not its affair.
 */
export interface ExportFormat {
  readonly name: string
  /** Whether its parts one after another make sense as one stream of text. */
  readonly isStream: boolean
  write(rows: ExportedRows, openPart: (fileName: string) => Part): void
}
