/** Parquet to raw records, one row group in memory at a time and only the columns that facts have. */
import { isUtf8 } from 'node:buffer'
import { RffError } from '../../../schemas/failure.ts'
import type { RawRecord, Row } from '../../passes/10-plan/raw-record.ts'

/** The library would put a replacement character where bytes are not UTF-8; such a value stays bytes and is refused. */
const parsers = {
  stringFromBytes: (bytes: Uint8Array): string | Uint8Array =>
    bytes &&
    (isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') : bytes),
}

/** @throws RffError input_unreadable for a file that is damaged or cut off */
export async function* readParquet(
  path: string,
  file: string,
  wanted: readonly string[],
): AsyncGenerator<RawRecord[]> {
  // Loaded when there is such a file: its decompressors take longer to load than a small plan takes.
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import(
    'hyparquet'
  )
  const { compressors } = await import('hyparquet-compressors')
  try {
    const buffer = await asyncBufferFromFile(file)
    const metadata = await parquetMetadataAsync(buffer)
    const present = parquetSchema(metadata).children.map((child) => child.element.name)
    const columns = wanted.filter((column) => present.includes(column))
    let rowStart = 0
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows)
      const rows: Row[] = await parquetReadObjects({
        file: buffer,
        metadata,
        columns,
        rowStart,
        rowEnd,
        compressors,
        parsers,
      })
      const first = rowStart + 1
      yield* pages(
        rows.map((row, at) => ({ kind: 'row', row, byteOffset: first + at, lineNumber: first + at })),
      )
      rowStart = rowEnd
    }
  } catch (cause) {
    if (cause instanceof RffError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RffError('input_unreadable', `${path} is not a sound Parquet file: ${reason}`, { cause })
  }
}

const PAGE_ROWS = 20_000

function* pages(records: readonly RawRecord[]): Generator<RawRecord[]> {
  for (let from = 0; from < records.length; from += PAGE_ROWS) yield records.slice(from, from + PAGE_ROWS)
}
