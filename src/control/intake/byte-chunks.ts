/** The bytes of an input, decompressed, in chunks of a size that does not depend on how they arrived. */
import { createReadStream } from 'node:fs'
import { RffError } from '../../../schemas/failure.ts'
import { COMPRESSED_CHUNK_BYTES, gunzipChunks } from './gunzip-chunks.ts'
import type { IdentifiedInput } from './identify-input.ts'
import { sniffFormat } from './sniff-format.ts'

/** Large enough that a commit per chunk costs little beside its rows, small enough that memory stays flat. */
export const CHUNK_BYTES = 4 * 2 ** 20

/**
 * @param input of a text format
 * @param from first byte to read; only for formats that are read as they are stored
 * @throws RffError input_unreadable, with the place, where the bytes end before the file says so
 */
export async function* byteChunks(input: IdentifiedInput, from = 0): AsyncGenerator<Buffer> {
  let read = from
  try {
    for await (const chunk of gather(plainBytes(input, from))) {
      read += chunk.length
      yield chunk
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const message = `${input.path} cannot be read any further than byte ${read}: ${reason}`
    throw new RffError('input_unreadable', `${message}; the whole lines before it were taken`, { cause })
  }
}

async function* plainBytes({ file, format }: IdentifiedInput, from: number): AsyncGenerator<Buffer> {
  if (format === 'stdin') {
    yield* sniffed(file === '-' ? process.stdin : createReadStream(file))
    return
  }
  const isCompressed = format === 'jsonl.gz' || format === 'csv.gz'
  const highWaterMark = isCompressed ? COMPRESSED_CHUNK_BYTES : CHUNK_BYTES
  const stored: AsyncIterable<Buffer> = createReadStream(file, { start: from, highWaterMark })
  yield* isCompressed ? gunzipChunks(stored) : stored
}

/** A pipe can be read only once, so its first chunk is looked at on the way. */
async function* sniffed(stored: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = stored[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done === true) return
  const whole = rejoin(first.value, chunks)
  yield* sniffFormat(first.value) === 'gzip' ? gunzipChunks(whole) : whole
}

async function* rejoin(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

/** Small pieces joined until they are a chunk; what is ready when the input breaks comes before the error. */
async function* gather(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let heldBytes = 0
  const join = (): Buffer => {
    const joined = held.length === 1 ? held[0]! : Buffer.concat(held)
    held = []
    heldBytes = 0
    return joined
  }
  let failure: unknown
  try {
    for await (const piece of pieces) {
      held.push(piece)
      heldBytes += piece.length
      if (heldBytes >= CHUNK_BYTES) yield join()
    }
  } catch (cause) {
    failure = cause
  }
  if (heldBytes > 0) yield join()
  if (failure !== undefined) throw failure
}
