/** Parquet, a file a table, row group by row group, so that memory holds one group of each table. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import type { ExportFormat, Part } from './format.ts'
import { type Cell, type ExportTable, TABLES, type TableName, tableRows } from './tables.ts'

const ROWS_PER_GROUP = 20_000
const TYPES = { text: 'STRING', integer: 'INT64' } as const

export const parquet: ExportFormat = {
  name: 'parquet',
  isStream: false,
  write(rows, openPart) {
    const sinks = new Map<TableName, ReturnType<typeof groupSink>>()
    for (const table of Object.values(TABLES))
      sinks.set(table.name, groupSink(table, openPart(`${table.name}.parquet`)))
    for (const [table, cells] of tableRows(rows)) sinks.get(table)!.put(cells)
    for (const sink of sinks.values()) sink.finish()
  },
}

function groupSink({ columns }: ExportTable, part: Part) {
  const bytes = bytesTo(part)
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({
      columnData: columns.map(({ name, type }) => ({ name, data: [], type: TYPES[type] })),
    }),
    createdBy: 'rff-shard', // without a version: the same field gives the same bytes
  })
  let group: (readonly Cell[])[] = []
  function flush(): void {
    if (group.length === 0) return
    const data = columns.map(({ name, type }, at) => ({
      name,
      data: group.map((cells) => (type === 'integer' ? BigInt(cells[at] as number) : cells[at])),
    }))
    writer.write({ columnData: data, rowGroupSize: ROWS_PER_GROUP })
    part.write('', group.length)
    group = []
  }
  return {
    put(cells: readonly Cell[]): void {
      group.push(cells)
      if (group.length === ROWS_PER_GROUP) flush()
    },
    finish(): void {
      flush()
      writer.finish()
    },
  }
}

/** What was encoded goes to the part after each group; the buffer is used again. */
function bytesTo(part: Part): ByteWriter {
  const writer = new ByteWriter()
  const flush = (): void => {
    part.write(writer.getBytes(), 0)
    writer.index = 0
  }
  return Object.assign(writer, { flush, finish: flush })
}
