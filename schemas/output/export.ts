/** What export prints: the manifest of the files in a folder, or the rows themselves. */
import * as z from 'zod'
import { exportManifestSchema } from '../export-manifest.ts'
import { document, lines } from './output.ts'

const count = z.int().min(0)

export const exportedFactSchema = z.strictObject({
  fact_id: z.string(),
  domain: z.string().nullable(),
  text: z.string().nullable(),
  source: z.string().nullable(),
})

export const exportedConceptSchema = z.strictObject({
  concept_id: z.string(),
  name: z.string(),
  gloss: z.string(),
  domain: z.string(),
  canonical_fact_id: z.string(),
  support_count: count,
  aliases: z.array(
    z.strictObject({
      alias: z.string(),
      origin: z.string(),
      support_count: count,
    }),
  ),
  members: z.array(
    exportedFactSchema.extend({
      dup_group_id: z.string(),
      role: z.string(),
      support_count: count,
      duplicates: z.array(exportedFactSchema),
    }),
  ),
})

export const exportedEdgeSchema = z.strictObject({
  edge_id: z.string(),
  src_concept_id: z.string(),
  src_name: z.string(),
  rel_type: z.string(),
  dst_concept_id: z.string(),
  dst_name: z.string(),
  score_millionths: count,
  support_count: count,
  evidence: z.array(
    exportedFactSchema.extend({
      cluster_id: z.string(),
      evidence: z.string(),
    }),
  ),
})

/** A relation between two facts. */
export const exportedFactRelationSchema = z.strictObject({
  src_fact_id: z.string(),
  rel_type: z.string(),
  dst_fact_id: z.string(),
  support_count: count,
})

export const exportOutputs = {
  'export --out': document(exportManifestSchema),
  export: lines(
    z.union([
      /** The first line says which field it is. */
      exportManifestSchema.omit({ files: true }),
      exportedConceptSchema,
      exportedEdgeSchema,
      exportedFactRelationSchema,
    ]),
  ),
}
