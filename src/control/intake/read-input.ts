/** One input, whatever its format, as blocks of raw records in the order in which they stand. */
import type { Place } from '../../../schemas/fact.ts'
import type { RawRecord } from '../../passes/10-plan/raw-record.ts'
import { byteChunks } from './byte-chunks.ts'
import type { IdentifiedInput } from './identify-input.ts'
import { readCsv } from './read-csv.ts'
import { readLines } from './read-lines.ts'
import { readParquet } from './read-parquet.ts'
import { readSqlite } from './read-sqlite.ts'

export interface ReadOptions {
  readonly maxLineBytes: number
  /** Columns to ask of a format that has columns. */
  readonly columns: readonly string[]
  /** Records before this place may be left out; a format that cannot seek gives them all the same. */
  readonly from: Omit<Place, 'file'> | undefined
}

/** Places are ascending. A byte offset counts in the decompressed bytes; row formats count rows from 1. */
export async function* readInput(input: IdentifiedInput, options: ReadOptions): AsyncGenerator<RawRecord[]> {
  const { format, path, file } = input
  if (format === 'parquet') yield* readParquet(path, file, options.columns)
  else if (format === 'sqlite') yield* readSqlite(path, file, input.table, options.columns)
  else {
    const canSeek = format === 'jsonl' && options.from !== undefined
    const start = canSeek ? options.from! : { byteOffset: 0, lineNumber: 1 }
    const read = format === 'csv' || format === 'csv.gz' ? readCsv : readLines
    yield* read(byteChunks(input, start.byteOffset), { path, maxRecordBytes: options.maxLineBytes, start })
  }
}
