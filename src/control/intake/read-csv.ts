/** CSV to raw records: the first record names the columns, the others are rows. */
import { parse } from 'csv-parse/sync'
import { bad, good, type Outcome, RffError } from '../../../schemas/failure.ts'
import { plural } from '../../language/counted.ts'
import { excerptOf, type RawRecord, type Row } from '../../passes/10-plan/raw-record.ts'
import { type CutOptions, cutRecords } from './cut-records.ts'
import { findCsvEnd } from './find-csv-end.ts'
import { readable } from './read-lines.ts'
import { splitCsv } from './split-csv.ts'

/** @throws RffError input_unreadable where the first record names no columns */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  options: Omit<CutOptions, 'findEnd'>,
): AsyncGenerator<RawRecord[]> {
  let columns: readonly string[] | undefined
  for await (const block of cutRecords(chunks, { ...options, findEnd: findCsvEnd })) {
    const records = readable(block, options.maxRecordBytes).filter((record) => !isBlank(record))
    if (columns === undefined && records.length > 0) columns = headerOf(records.shift()!, options.path)
    yield rowsOf(records, columns ?? [])
  }
}

const isBlank = (record: RawRecord): boolean => record.kind === 'line' && record.text.trim() === ''

function headerOf(record: RawRecord, path: string): string[] {
  const fields = record.kind === 'line' ? fieldsOf(record.text) : undefined
  if (fields?.ok) return fields.value.map((name) => name.trim())
  throw new RffError('input_unreadable', `${path} does not begin with a line of column names`)
}

function rowsOf(records: readonly RawRecord[], columns: readonly string[]): RawRecord[] {
  return records.map((record): RawRecord => {
    if (record.kind !== 'line') return record
    const { text, byteOffset, lineNumber } = record
    const row = rowOf(text, columns)
    return row.ok
      ? { kind: 'row', row: row.value, byteOffset, lineNumber }
      : { kind: 'unreadable', failure: row.failure, excerpt: excerptOf(text), byteOffset, lineNumber }
  })
}

function rowOf(text: string, columns: readonly string[]): Outcome<Row> {
  const fields = fieldsOf(text)
  if (!fields.ok) return fields
  if (fields.value.length !== columns.length) {
    return bad('line_not_csv', `found ${plural(fields.value.length, 'field')}, expected ${columns.length}`)
  }
  return good(Object.fromEntries(columns.map((column, at) => [column, fields.value[at]])))
}

/** A line without quotes needs no parser, and one whose quotes stand where they should next to none. */
function fieldsOf(text: string): Outcome<string[]> {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  if (!line.includes('"')) return good(line.split(','))
  const split = splitCsv(line)
  if (split !== null) return good(split)
  try {
    const [fields] = parse(line, { relax_column_count: true }) as string[][]
    return good(fields ?? [])
  } catch (cause) {
    return bad('line_not_csv', cause instanceof Error ? cause.message : 'the line is not CSV')
  }
}
