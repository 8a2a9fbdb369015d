/** Where the parts of a field lie, and reading them back. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as z from 'zod'
import { RffError } from '../../../schemas/failure.ts'
import { type Health, healthSchema } from '../../../schemas/health.ts'
import { type Manifest, manifestSchema } from '../../../schemas/manifest.ts'

export interface FieldFiles {
  readonly dir: string
  readonly database: string
  readonly manifest: string
  readonly health: string
  readonly healthPage: string
}

export function filesOf(fieldDir: string, fieldTag: string): FieldFiles {
  const dir = join(fieldDir, fieldTag)
  return {
    dir,
    database: join(dir, 'field.sqlite'),
    manifest: join(dir, 'manifest.json'),
    health: join(dir, 'health.json'),
    healthPage: join(dir, 'health.md'),
  }
}

/** @throws RffError field_missing where there is none, or one that this version cannot read */
export const readManifest = (files: FieldFiles): Manifest => readJson(files.manifest, manifestSchema)

/** @throws RffError field_missing where there is none, or one that this version cannot read */
export const readHealth = (files: FieldFiles): Health => readJson(files.health, healthSchema)

function readJson<T>(path: string, schema: z.ZodType<T>): T {
  if (!existsSync(path)) throw new RffError('field_missing', `there is no ${path}`)
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new RffError('field_missing', `${path} is not what this version writes`, { cause })
  }
}

/** As the JSON files of a field are written: for people too, so indented. */
export const asJsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
