/**
 * export: a field for other tools, into a folder or as one stream.
 *
 * The same field gives the same bytes: rows are sorted by id and hold no clock. Memory holds one page.
 */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportManifest } from '../../../schemas/export-manifest.ts'
import type { Field } from '../open-field.ts'
import { csv } from './csv.ts'
import { exportPlace, MANIFEST } from './export-place.ts'
import { exportedRows } from './exported-rows.ts'
import type { ExportFormat, Part } from './format.ts'
import { graphml } from './graphml.ts'
import { jsonl } from './jsonl.ts'
import { parquet } from './parquet.ts'

export const EXPORT_FORMATS: Readonly<Record<string, ExportFormat>> = { jsonl, parquet, graphml, csv }

/** What the manifest of the field says of it. */
export interface FieldStamp {
  readonly fieldTag: string
  readonly fieldDigest: string
  readonly isComplete: boolean
}

/**
 * The folder is there whole, manifest included, or not at all. An export that is there is replaced.
 *
 * @throws RffError file_exists where the place holds anything else
 */
export function exportToFolder(
  field: Field,
  format: ExportFormat,
  stamp: FieldStamp,
  dir: string,
): ExportManifest {
  const place = exportPlace(dir)
  try {
    const parts: OpenPart[] = []
    format.write(exportedRows(field), (name) => {
      const part = openPart(place.stagingDir, name)
      parts.push(part)
      return part
    })
    const manifest = manifestOf(
      field,
      format,
      stamp,
      parts.map((part) => part.close()),
    )
    writeFileSync(join(place.stagingDir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true })
    place.take()
    return manifest
  } catch (cause) {
    place.giveUp()
    throw cause
  }
}

interface OpenPart extends Part {
  close(): ExportManifest['files'][number]
}

function openPart(dir: string, name: string): OpenPart {
  const handle = openSync(join(dir, name), 'wx')
  const hash = createHash('sha256')
  let [rows, bytes] = [0, 0]
  return {
    write(content, rowCount) {
      const block = typeof content === 'string' ? Buffer.from(content) : content
      for (let at = 0; at < block.length; ) at += writeSync(handle, block, at)
      hash.update(block)
      rows += rowCount
      bytes += block.length
    },
    close() {
      fsyncSync(handle)
      closeSync(handle)
      return { name, rows, bytes, sha256: hash.digest('hex') }
    },
  }
}

const manifestOf = (
  { reading }: Field,
  { name }: ExportFormat,
  { fieldTag, fieldDigest, isComplete }: FieldStamp,
  files: ExportManifest['files'],
): ExportManifest => ({
  format: 1,
  written_as: name,
  field_tag: fieldTag,
  field_digest: fieldDigest,
  complete: isComplete,
  counts: reading.counts(),
  files,
})

/**
 * All parts after one another; the first line says which field it is. A line tells what it is by the ids it has.
 *
 * @param format one that is a stream
 * @param print gets whole lines without the last line feed
 */
export function exportToStream(
  field: Field,
  format: ExportFormat,
  stamp: FieldStamp,
  print: (lines: string) => void,
): void {
  const { files: _, ...head } = manifestOf(field, format, stamp, [])
  print(JSON.stringify(head))
  format.write(exportedRows(field), () => ({ write: (text) => print(String(text).trimEnd()) }))
}
