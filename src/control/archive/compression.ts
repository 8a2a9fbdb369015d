/** zstd where the runtime has it (Node 22.15 and later), gzip elsewhere; both can be read by everybody's tar. */
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { RffError } from '../../../schemas/failure.ts'

interface Zstd {
  createZstdCompress(): Transform
  createZstdDecompress(): Transform
}

const hasZstd = (library: object): library is Zstd => 'createZstdCompress' in library

export const archiveSuffix = (): '.tar.zst' | '.tar.gz' => (hasZstd(zlib) ? '.tar.zst' : '.tar.gz')

export const compressor = (): Transform => (hasZstd(zlib) ? zlib.createZstdCompress() : zlib.createGzip())

/** @throws RffError archive_damaged where this runtime cannot read what another one wrote */
export function decompressorOf(path: string): Transform {
  if (path.endsWith('.tar.gz')) return zlib.createGunzip()
  if (hasZstd(zlib)) return zlib.createZstdDecompress()
  throw new RffError(
    'archive_damaged',
    `${path} is zstd, which Node ${process.version} cannot read; use 22.15 or later`,
  )
}
