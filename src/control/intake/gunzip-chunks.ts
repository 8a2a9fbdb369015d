/**
 * Decompressed bytes, all of them up to the place where the compressed ones break, and only then the error. Read as
 * a stream, a gunzip that fails drops the output it had ready; so how much of a cut file is taken would depend on
 * timing.
 */
import { createGunzip } from 'node:zlib'

/** Small, because a chunk of zeros grows a thousandfold. */
export const COMPRESSED_CHUNK_BYTES = 64 * 2 ** 10

/** @throws the error of zlib, after everything before it was yielded */
export async function* gunzipChunks(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: COMPRESSED_CHUNK_BYTES })
  const ready: Buffer[] = []
  let failure: Error | undefined
  let wake: () => void = () => undefined
  gunzip.on('data', (piece: Buffer) => ready.push(piece))
  gunzip.on('error', (error) => {
    failure = error
    wake()
  })
  /** Resolves when gunzip has taken the chunk, come to its end, or failed. */
  const step = (begin: (resolve: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
      begin(resolve)
    })
  try {
    for await (const chunk of compressed) {
      await step((resolve) => gunzip.write(chunk, () => resolve()))
      yield* ready.splice(0)
      if (failure !== undefined) throw failure
    }
    await step((resolve) => gunzip.once('end', resolve).end())
    yield* ready.splice(0)
    if (failure !== undefined) throw failure
  } finally {
    gunzip.destroy()
  }
}
