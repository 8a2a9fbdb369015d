/** The small files in `field/_current` that name a field by its tag. MERGED alone publishes; the others follow it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RffError } from '../../../schemas/failure.ts'
import { fieldTagSchema } from '../../../schemas/manifest.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { writeDurably } from './write-durably.ts'

export const MERGED = 'MERGED'
/** Where the newest names and links are to be looked at; they may lag behind MERGED after a crash. */
export const CONVENIENCES = ['EXP_LATEST', 'LINKS_LATEST'] as const
export type Pointer = typeof MERGED | (typeof CONVENIENCES)[number]

/**
 * @returns null where nothing was published yet
 * @throws RffError field_missing where the file holds anything but a tag
 */
export function readPointer(currentDir: string, pointer: Pointer): string | null {
  const path = join(currentDir, pointer)
  if (!existsSync(path)) return null
  const text = readFileSync(path, 'utf8').trim()
  if (fieldTagSchema.safeParse(text).success) return text
  throw new RffError('field_missing', `${path} holds ${JSON.stringify(text)}, expected the tag of a field`)
}

/** The pointer names the old field or the new one, at every moment. */
export function swapPointer(currentDir: string, pointer: Pointer, fieldTag: string): void {
  makeFolder(currentDir)
  writeDurably(join(currentDir, pointer), `${fieldTag}\n`)
}
