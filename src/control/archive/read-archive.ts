/** Reads an archive entry by entry, and trusts none of them. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Parser, type ReadEntry } from 'tar'
import { RffError } from '../../../schemas/failure.ts'
import { decompressorOf } from './compression.ts'
import { type FileEntry, type FolderManifest, manifestOf } from './folder-manifest.ts'

/** Takes the bytes of one file as they come. */
export interface FileSink {
  write(chunk: Buffer): void
  close(): void
}

/**
 * @param original the only folder that entries may lie in, relative to the workspace
 * @param open called for each file, in the order of the archive, once its path is known to be harmless
 * @returns what the archive holds
 * @throws RffError archive_damaged where it does not hold together, or holds anything but plain files of that folder
 */
export async function readArchive(
  path: string,
  original: string,
  open: (entryPath: string) => FileSink = () => NOWHERE,
): Promise<FolderManifest> {
  const files = new Map<string, FileEntry>()
  const parser = new Parser({ strict: true })
  let trouble: unknown
  parser.on('error', (cause: unknown) => {
    trouble ??= cause
  })
  parser.on('entry', (entry: ReadEntry) => {
    try {
      if (trouble !== undefined || entry.type === 'Directory') return void entry.resume()
      expectPlainFile(path, entry, original, files)
      takeEntry(entry, open(entry.path), (file) => files.set(file.path, file))
    } catch (cause) {
      trouble ??= cause
      entry.resume()
    }
  })
  try {
    await pipeline(createReadStream(path), decompressorOf(path), feeding(parser))
  } catch (cause) {
    trouble ??= cause
  }
  if (trouble !== undefined) throw asDamage(path, trouble)
  return manifestOf([...files.values()])
}

const NOWHERE: FileSink = { write: () => undefined, close: () => undefined }

/** Entries are taken synchronously, so the parser never has to wait for anybody. */
const feeding = (parser: Parser): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        parser.write(chunk)
        done()
      } catch (cause) {
        done(cause as Error) // of a sink: the disk is full
      }
    },
    final(done) {
      parser.once('end', () => done())
      parser.end()
    },
  })

/** @throws RffError archive_damaged for a link, a device, a name that leads elsewhere, or one that comes twice */
function expectPlainFile(
  archive: string,
  { path, type }: ReadEntry,
  original: string,
  seen: ReadonlyMap<string, unknown>,
): void {
  const damaged = (what: string) =>
    new RffError('archive_damaged', `${archive}: it holds ${JSON.stringify(path)}${what}`)
  if (type !== 'File' && type !== 'OldFile') throw damaged(`, which is a ${type} and not a file`)
  const parts = path.split('/')
  const isInside = path.startsWith(`${original}/`) && !parts.some((part) => ['', '.', '..'].includes(part))
  if (!isInside || path.includes('\\') || path.includes('\0'))
    throw damaged(`, which lies outside ${original}`)
  if (seen.has(path)) throw damaged(' twice')
}

function takeEntry(entry: ReadEntry, sink: FileSink, done: (file: FileEntry) => void): void {
  const hash = createHash('sha256')
  let bytes = 0
  entry.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    bytes += chunk.length
    sink.write(chunk)
  })
  entry.on('end', () => {
    sink.close()
    done({ path: entry.path, bytes, sha256: hash.digest('hex') })
  })
}

function asDamage(path: string, cause: unknown): RffError {
  if (cause instanceof RffError) return cause
  const { code, message } = cause as { code?: string; message: string }
  // A disk that is full is no fault of the archive.
  if (code === 'ENOSPC') return new RffError('disk_full', message, { cause })
  return new RffError('archive_damaged', `${path}: ${message}`, { cause })
}
