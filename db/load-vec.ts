/** sqlite-vec on a connection: prebuilt for five platforms, and search goes by words elsewhere. */
import { getLoadablePath } from 'sqlite-vec'
import { RffError } from '../schemas/failure.ts'
import type { Db } from './open.ts'

/** @throws RffError embeddings_unsupported */
export function loadVec(db: Db): void {
  try {
    db.loadExtension(getLoadablePath())
  } catch (cause) {
    throw new RffError(
      'embeddings_unsupported',
      `sqlite-vec cannot be loaded on ${process.platform}-${process.arch}: ${(cause as Error).message}`,
      { cause },
    )
  }
}
