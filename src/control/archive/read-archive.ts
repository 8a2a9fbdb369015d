/** Reads an archive entry by entry, and trusts none of them. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Parser, type ReadEntry } from 'tar'
import { RffError } from '../../../schemas/failure.ts'
import { decompressorOf } from './compression.ts'
import { type FileEntry, type FolderManifest, isPlainPath, manifestOf } from './folder-manifest.ts'

/** Takes the bytes of one file as they come. */
export interface FileSink {
  write(chunk: Buffer): void
  close(): void
}

/** What an archive may hold; whatever is in it beyond that is not read. */
export interface ExpectedContent {
  /** The only folder that entries may lie in, relative to the workspace. */
  readonly original: string
  readonly files: number
  /** Of all files together. */
  readonly bytes: number
}

/** The files that were read, with the bytes of all of them. */
interface Taken {
  readonly files: Map<string, FileEntry>
  bytes: number
}

/** Around each file: its header, the padding to a whole block, and a longer header for a name that is long. */
const MOST_AROUND_FILE_BYTES = 4 * 1_024
/** Blocks of zeros behind the last file. */
const MOST_PADDING_BYTES = 64 * 1_024

/**
 * @param open called for each file, in the order of the archive, once its path is known to be harmless
 * @returns what the archive holds
 * @throws RffError archive_damaged where it does not hold together, is larger than expected when it is unpacked, or holds
 *   anything but plain files of that folder
 */
export async function readArchive(
  path: string,
  expected: ExpectedContent,
  open: (entryPath: string) => FileSink = () => NOWHERE,
): Promise<FolderManifest> {
  const taken: Taken = { files: new Map(), bytes: 0 }
  const parser = new Parser({ strict: true })
  let trouble: unknown
  parser.on('error', (cause: unknown) => {
    trouble ??= cause
  })
  parser.on('entry', (entry: ReadEntry) => {
    try {
      if (trouble !== undefined) return void entry.resume()
      expectPlainFile(path, entry, expected, taken)
      takeEntry(entry, open(entry.path), taken)
    } catch (cause) {
      trouble ??= cause
      entry.resume()
    }
  })
  try {
    await pipeline(
      createReadStream(path),
      decompressorOf(path),
      bounded(path, expected),
      feeding(parser, () => trouble),
    )
  } catch (cause) {
    trouble ??= cause
  }
  if (trouble !== undefined) throw asDamage(path, trouble)
  return manifestOf([...taken.files.values()])
}

const NOWHERE: FileSink = { write: () => undefined, close: () => undefined }

/** A few bytes can be unpacked to as many as there is room for: nothing is taken beyond what the record says. */
function bounded(path: string, { files, bytes }: ExpectedContent): Transform {
  const most = bytes + files * MOST_AROUND_FILE_BYTES + MOST_PADDING_BYTES
  const damaged = (what: string) => new RffError('archive_damaged', `${path}: ${what}`)
  let unpacked = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (unpacked === 0 && isPackedOnceMore(chunk))
        return done(damaged('what is in it is packed once more, expected the header of a file'))
      unpacked += chunk.length
      if (unpacked <= most) return done(null, chunk)
      const recorded = `recorded were ${files} files of ${bytes} bytes`
      done(damaged(`it is more than ${most} bytes when it is unpacked, ${recorded}`))
    },
  })
}

/**
 * The parser unpacks by itself whatever begins like gzip or zstd, behind every bound. It looks at more bytes than the first;
 * but a tar begins with the path of a file, and none of ours begins so.
 */
const isPackedOnceMore = ([first]: Buffer): boolean => first === GZIP_BEGINS || first === ZSTD_BEGINS
const GZIP_BEGINS = 0x1f
const ZSTD_BEGINS = 0x28

/** Entries are taken synchronously, so the parser never has to wait for anybody. Behind the first trouble nothing is read. */
const feeding = (parser: Parser, trouble: () => unknown): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        parser.write(chunk)
        done(trouble() as Error | undefined)
      } catch (cause) {
        done(cause as Error) // of a sink: the disk is full
      }
    },
    final(done) {
      // A parser that gives up says so, and does not end.
      once(parser, 'end').then(() => done(), done)
      parser.end()
    },
  })

/**
 * @throws RffError archive_damaged for a link, a device, a name that leads elsewhere, one that comes twice, a file or a
 *   byte too many
 */
function expectPlainFile(
  archive: string,
  { path, type, size }: ReadEntry,
  { original, files, bytes }: ExpectedContent,
  { files: seen, bytes: seenBytes }: Taken,
): void {
  const damaged = (what: string) =>
    new RffError('archive_damaged', `${archive}: it holds ${JSON.stringify(path)}${what}`)
  if (type !== 'File' && type !== 'OldFile') throw damaged(`, which is a ${type} and not a file`)
  if (!path.startsWith(`${original}/`) || !isPlainPath(path))
    throw damaged(`, which lies outside ${original}`)
  if (seen.has(path)) throw damaged(' twice')
  if (foldersOf(path).some((folder) => seen.has(folder))) throw damaged(', which lies in another file')
  if (seen.size === files) throw damaged(`, one file more than the ${files} recorded`)
  if (seenBytes + size > bytes)
    throw damaged(`, with which its files are ${seenBytes + size} bytes, recorded were ${bytes}`)
}

const foldersOf = (path: string): string[] =>
  path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))

function takeEntry(entry: ReadEntry, sink: FileSink, taken: Taken): void {
  const hash = createHash('sha256')
  let bytes = 0
  entry.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    bytes += chunk.length
    sink.write(chunk)
  })
  entry.on('end', () => {
    sink.close()
    taken.files.set(entry.path, { path: entry.path, bytes, sha256: hash.digest('hex') })
    taken.bytes += bytes
  })
}

function asDamage(path: string, cause: unknown): RffError {
  if (cause instanceof RffError) return cause
  const { code, message } = cause as { code?: string; message: string }
  // A disk that is full is no fault of the archive.
  if (code === 'ENOSPC') return new RffError('disk_full', message, { cause })
  return new RffError('archive_damaged', `${path}: ${message}`, { cause })
}
