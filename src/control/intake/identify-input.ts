/** What a person named on the command line, looked at before anything is read. */
import { constants } from 'node:fs'
import { access, open, stat } from 'node:fs/promises'
import { RffError } from '../../../schemas/failure.ts'
import { nameTable } from './name-table.ts'
import { SNIFFED_BYTES, sniffFormat } from './sniff-format.ts'

export type InputFormat = 'jsonl' | 'jsonl.gz' | 'csv' | 'csv.gz' | 'parquet' | 'sqlite' | 'stdin'

export interface IdentifiedInput {
  /** As the person wrote it; it names the input everywhere. */
  readonly path: string
  /** The file behind it; `-` for standard input. */
  readonly file: string
  readonly format: InputFormat
  /** Of a SQLite file; empty for other formats. */
  readonly table: string
}

/**
 * `-` is standard input, `facts.sqlite#statements` a table of a SQLite file. A file whose own name has a `#` is that
 * file.
 *
 * @throws RffError input_not_found, input_unreadable
 */
export async function identifyInput(path: string): Promise<IdentifiedInput> {
  if (path === '-') return { path, file: '-', format: 'stdin', table: '' }
  const { file, named } = await splitTable(path)
  const format = await formatOf(file)
  if (format === 'sqlite') return { path, file, format, table: nameTable(file, named) }
  if (named !== null) throw new RffError('input_not_found', `there is no file ${path}`)
  return { path, file, format, table: '' }
}

async function splitTable(path: string): Promise<{ file: string; named: string | null }> {
  const hash = path.lastIndexOf('#')
  if (hash < 1 || !(await isMissing(path))) return { file: path, named: null }
  return { file: path.slice(0, hash), named: path.slice(hash + 1) }
}

const isMissing = (file: string): Promise<boolean> =>
  access(file).then(
    () => false,
    () => true,
  )

async function formatOf(file: string): Promise<InputFormat> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new RffError('input_not_found', `there is no file ${file}`, { cause })
  })
  if (found.isDirectory()) {
    throw new RffError('input_unreadable', `${file} is a directory; name the files in it`)
  }
  await access(file, constants.R_OK).catch((cause: unknown) => {
    throw new RffError('input_unreadable', `${file} cannot be read: permission denied`, { cause })
  })
  // A pipe can be read only once, like standard input, so its first bytes are left for the reader.
  return found.isFile() ? formatOfBytes(file, await firstBytes(file)) : 'stdin'
}

async function firstBytes(file: string): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

function formatOfBytes(file: string, bytes: Uint8Array): InputFormat {
  const magic = sniffFormat(bytes)
  if (magic === 'utf16') {
    throw new RffError('input_unreadable', `${file} is UTF-16; save it as UTF-8`)
  }
  if (magic === 'parquet' || magic === 'sqlite') return magic
  const isCsv = /\.csv(?:\.gz)?$/i.test(file)
  if (magic === 'gzip') return isCsv ? 'csv.gz' : 'jsonl.gz'
  if (/\.(?:parquet|sqlite3?|db)$/i.test(file) && bytes.length > 0) {
    throw new RffError('input_unreadable', `${file} is not what its name says: it begins like a text file`)
  }
  return isCsv ? 'csv' : 'jsonl'
}
