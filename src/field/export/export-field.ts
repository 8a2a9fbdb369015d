/**
 * export: a field for other tools, into a folder or as one stream.
 *
 * The same field gives the same bytes: rows are sorted by id and hold no clock. Memory holds one page.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ExportManifest } from '../../../schemas/export-manifest.ts'
import { RffError } from '../../../schemas/failure.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import type { Field } from '../open-field.ts'
import { exportedRows } from './exported-rows.ts'
import type { ExportFormat, Part } from './format.ts'
import { jsonl } from './jsonl.ts'

export const EXPORT_FORMATS: Readonly<Record<string, ExportFormat>> = { [jsonl.name]: jsonl }

/** What the manifest of the field says of it. */
export interface FieldStamp {
  readonly fieldTag: string
  readonly fieldDigest: string
  readonly isComplete: boolean
}

const MANIFEST = 'manifest.json'

/**
 * Writes the manifest last, so a folder without one is not whole. An export that is there is replaced.
 *
 * @throws RffError file_exists where the folder holds anything else
 */
export function exportToFolder(
  field: Field,
  format: ExportFormat,
  stamp: FieldStamp,
  dir: string,
): ExportManifest {
  clearExport(dir)
  const files: ExportManifest['files'] = []
  let close = (): void => undefined
  format.write(exportedRows(field), (name) => {
    close()
    const part = openPart(dir, name)
    close = () => void files.push(part.close())
    return part
  })
  close()
  const manifest = manifestOf(field, format, stamp, files)
  writeFileSync(join(dir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

function clearExport(dir: string): void {
  makeFolder(dir)
  const names = readdirSync(dir)
  if (names.length > 0 && !existsSync(join(dir, MANIFEST)))
    throw new RffError('file_exists', `${dir} holds ${names[0]} and is no export`)
  rmSync(join(dir, MANIFEST), { force: true })
}

function openPart(dir: string, name: string): Part & { close(): ExportManifest['files'][number] } {
  const handle = openSync(join(dir, name), 'w')
  const hash = createHash('sha256')
  let [rows, bytes] = [0, 0]
  return {
    write(text, rowCount) {
      const block = Buffer.from(text)
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
  format.write(exportedRows(field), () => ({ write: (text) => print(text.trimEnd()) }))
}
