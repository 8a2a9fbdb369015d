import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fieldRegister } from '../../../db/queries/field-register.ts'
import { fieldTagSchema } from '../../../schemas/manifest.ts'
import { filesOf } from './field-files.ts'
import type { MergePlace } from './merge-place.ts'
import { MERGED, readPointer } from './pointers.ts'
import { registerVerdict, swapConveniences } from './publish.ts'

export interface Leftover {
  readonly fieldTag: string
  /** finished: it had been published already, only its record was missing. */
  readonly action: 'removed' | 'finished'
}

/** Tidies up behind a merge that was killed: what MERGED names is finished, anything else half-built is removed. */
export function clearLeftovers(place: Omit<MergePlace, 'shardFiles' | 'corpusPath'>): Leftover[] {
  const register = fieldRegister(place.control)
  const published = readPointer(place.currentDir, MERGED)
  const rows = register.all()
  const leftovers: Leftover[] = []
  for (const { fieldTag, state } of rows) {
    if (state !== 'building') continue
    if (fieldTag === published) {
      swapConveniences(place.currentDir, fieldTag)
      registerVerdict(place, fieldTag)
      leftovers.push({ fieldTag, action: 'finished' })
    } else {
      discardField(place, fieldTag)
      leftovers.push({ fieldTag, action: 'removed' })
    }
  }
  const known = new Set(rows.map(({ fieldTag }) => fieldTag))
  for (const fieldTag of unfinishedFolders(place.fieldDir)) {
    if (known.has(fieldTag) || fieldTag === published) continue
    discardField(place, fieldTag)
    leftovers.push({ fieldTag, action: 'removed' })
  }
  return leftovers
}

/** The folder goes first: while the record says `building`, whatever is left of it is found again. */
export function discardField(place: Pick<MergePlace, 'control' | 'fieldDir'>, fieldTag: string): void {
  rmSync(filesOf(place.fieldDir, fieldTag).dir, { recursive: true, force: true })
  fieldRegister(place.control).forget(fieldTag)
}

/** Folders named like a field that never got their manifest, ascending. */
function unfinishedFolders(fieldDir: string): string[] {
  if (!existsSync(fieldDir)) return []
  return readdirSync(fieldDir)
    .filter((name) => fieldTagSchema.safeParse(name).success)
    .filter((name) => !existsSync(join(fieldDir, name, 'manifest.json')))
    .sort()
}
