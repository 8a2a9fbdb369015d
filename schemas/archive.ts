/** A line of archives/index.jsonl: what left the workspace, where it lies, and how it is known to be whole. */
import * as z from 'zod'

export const ARCHIVED_KINDS = ['run', 'field'] as const
export type ArchivedKind = (typeof ARCHIVED_KINDS)[number]

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** YYYYMMDD_HHMMSS, a number behind it where two were begun in one second. */
const tag = z.string().regex(/^\d{8}_\d{6}(?:_\d+)?$/)

export const archiveRecord = z.strictObject({
  /** `run-TAG` or `field-TAG`. */
  name: z.string().regex(/^(?:run|field)-\d{8}_\d{6}(?:_\d+)?$/),
  kind: z.enum(ARCHIVED_KINDS),
  tag,
  /** Where the folder was, relative to the workspace. */
  original: z.string().regex(/^(?:runs|field)\/\d{8}_\d{6}(?:_\d+)?$/),
  /** Where the archive is, relative to the folder of the archives. */
  file: z.string().regex(/^\d{8}\/(?:run|field)-[\d_]+(?:\.\d+)?\.tar\.(?:gz|zst)$/),
  /** Of the list of all files with their SHA-256, as `sha256sum` writes it. */
  manifest_sha256: sha256,
  archive_sha256: sha256,
  files: z.int().min(0),
  bytes: z.int().min(0),
  archive_bytes: z.int().min(0),
  created_at: z.iso.datetime(),
})
export type ArchiveRecord = z.infer<typeof archiveRecord>
