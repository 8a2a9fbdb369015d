/** `manifest.json` of an export: which field it is, and what each file holds. */
import * as z from 'zod'

const count = z.int().min(0)

export const exportManifestSchema = z.strictObject({
  format: z.literal(1),
  /** How the files are written. */
  written_as: z.string(),
  field_tag: z.string(),
  field_digest: z.string(),
  /** Whether the field knows every seed of its plan. */
  complete: z.boolean(),
  counts: z.record(z.string(), count),
  files: z.array(
    z.strictObject({
      name: z.string(),
      rows: count,
      bytes: count,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
})
export type ExportManifest = z.infer<typeof exportManifestSchema>
