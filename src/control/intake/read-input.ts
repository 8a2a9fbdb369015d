/** One input, whatever its format, as blocks of raw records in the order in which they stand. */
import type { Place } from '../../../schemas/fact.ts'
import type { RawRecord } from '../../passes/10-plan/raw-record.ts'
import { byteChunks } from './byte-chunks.ts'
import type { CutBlock } from './cut-records.ts'
import type { IdentifiedInput } from './identify-input.ts'
import { readCsv } from './read-csv.ts'
import { cutLines, readLines } from './read-lines.ts'
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
  else if (holdsLines(input)) yield* readLines(...bytesOf(input, options))
  else yield* readCsv(...bytesOf(input, options))
}

export const holdsLines = ({ format }: IdentifiedInput): boolean =>
  format === 'jsonl' || format === 'jsonl.gz' || format === 'stdin'

/** The lines of such an input as they were cut, for who reads them in another way. */
export const readCuts = (input: IdentifiedInput, options: ReadOptions): AsyncGenerator<CutBlock> =>
  cutLines(...bytesOf(input, options))

function bytesOf(input: IdentifiedInput, { from, maxLineBytes }: ReadOptions) {
  const start = input.format === 'jsonl' && from !== undefined ? from : { byteOffset: 0, lineNumber: 1 }
  const options = { path: input.path, maxRecordBytes: maxLineBytes, start }
  return [byteChunks(input, start.byteOffset), options] as const
}
