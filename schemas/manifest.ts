/** `manifest.json`: what a field was made from, by what, and what was decided about it. */
import * as z from 'zod'
import { gateVerdictSchema } from './gate.ts'

const count = z.int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** As `tagOf` makes it: `20260102_030405`, with a number behind it where that was taken. */
export const fieldTagSchema = z.string().regex(/^\d{8}_\d{6}(?:_\d+)?$/)

/** What one shard file gave to a merge. */
export const mergeInputSchema = z.strictObject({
  shard_no: count,
  clusters: count,
  todo: count,
  ok: count,
  quarantined: count,
  /** Structured, but PassM has not written their deltas: they are missing in the field. */
  unmaterialised: count,
  retired: count,
  delta_concepts: count,
  delta_members: count,
  delta_edges: count,
  delta_links: count,
  /** SHA-256 over a canonical dump of the delta rows: the same for the same rows, whatever else the file holds. */
  delta_digest: sha256,
})
export type MergeInput = z.infer<typeof mergeInputSchema>

/** A shard file that could not be read, under --allow-partial. */
export const setAsideSchema = z.strictObject({ shard_no: count, code: z.string(), message: z.string() })
export type SetAside = z.infer<typeof setAsideSchema>

export const fieldCountsSchema = z.strictObject({
  raw_concepts: count,
  raw_members: count,
  raw_edges: count,
  raw_links: count,
  superseded: count,
  concepts: count,
  aliases: count,
  members: count,
  fact_edges: count,
  edges: count,
  edge_support: count,
})
export type FieldCounts = z.infer<typeof fieldCountsSchema>

export const manifestSchema = z.strictObject({
  format: z.literal(1),
  program_version: z.string(),
  created_at: z.string(),
  field_tag: fieldTagSchema,
  verdict: z.enum(['published', 'blocked']),
  base: z.strictObject({ field_tag: fieldTagSchema, field_digest: sha256 }).nullable(),
  /** Set where one stage and those after it were run again on a copy of another field. */
  staged_from: z.strictObject({ field_tag: fieldTagSchema, stage: z.string() }).nullable(),
  inputs: z.array(mergeInputSchema),
  set_aside: z.array(setAsideSchema),
  stages: z.array(z.strictObject({ name: z.string(), version: z.int(), settings: z.json() })),
  counts: fieldCountsSchema,
  /** Against the base; null for a first field. */
  deltas: z.record(z.string(), z.int()).nullable(),
  gates: z.array(gateVerdictSchema),
  /** Blocking gates that failed and were overridden by name. */
  overrides: z.array(z.string()),
  /** False while a frontier is open, a structure waits for PassM, or a shard was set aside. */
  complete: z.boolean(),
  field_digest: sha256,
  /** The pointers that this field takes over when it is published; MERGED is the one that counts. */
  pointers: z.array(z.string()),
})
export type Manifest = z.infer<typeof manifestSchema>
