import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fieldRegister } from '../../../db/queries/field-register.ts'
import type { Manifest } from '../../../schemas/manifest.ts'
import { syncDirectory } from '../../../shards/lifecycle.ts'
import type { Announce } from './announcer.ts'
import { asJsonText, filesOf, readManifest } from './field-files.ts'
import type { MergePlace } from './merge-place.ts'
import { CONVENIENCES, MERGED, swapPointer } from './pointers.ts'
import { syncFile, writeDurably } from './write-durably.ts'

/**
 * Makes a finished field durable and then the current one.
 *
 * Everything that MERGED will name is on disk before the swap; the swap is one rename; what follows it can be done
 * again from the manifest by whoever finds it undone.
 *
 * @param announce called before each step
 */
export async function publish(place: MergePlace, manifest: Manifest, announce: Announce): Promise<void> {
  await announce('manifest')
  storeManifest(place, manifest)
  await announce('swap')
  swapPointer(place.currentDir, MERGED, manifest.field_tag)
  await announce('pointers')
  swapConveniences(place.currentDir, manifest.field_tag)
  await announce('register')
  registerVerdict(place, manifest.field_tag)
}

/** The manifest comes last: a folder that has one is whole. */
export function storeManifest(place: Pick<MergePlace, 'fieldDir'>, manifest: Manifest): void {
  const files = filesOf(place.fieldDir, manifest.field_tag)
  syncFile(files.database)
  writeDurably(files.manifest, asJsonText(manifest))
  syncDirectory(place.fieldDir)
  syncDirectory(dirname(place.fieldDir))
}

export function swapConveniences(currentDir: string, fieldTag: string): void {
  for (const pointer of CONVENIENCES) swapPointer(currentDir, pointer, fieldTag)
}

/** Takes everything from the files of the field, so that it can be done at any later time. */
export function registerVerdict(place: Pick<MergePlace, 'control' | 'fieldDir'>, fieldTag: string): void {
  const files = filesOf(place.fieldDir, fieldTag)
  const manifest = readManifest(files)
  fieldRegister(place.control).judge({
    fieldTag,
    state: manifest.verdict,
    fieldDigest: manifest.field_digest,
    isComplete: manifest.complete,
    metrics: readFileSync(files.health, 'utf8'),
  })
}
