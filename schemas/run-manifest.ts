/** `runs/<tag>/manifest.json`: how far a run is, to be polled over SSH; replaced whole, never torn. */
import * as z from 'zod'

export const runManifestSchema = z.strictObject({
  format: z.literal(1),
  run_tag: z.string(),
  run_id: z.int(),
  plan_no: z.int(),
  task: z.string(),
  /** stopped: before its frontier was empty, for the reason in `stop`. */
  state: z.enum(['running', 'stopped', 'closed']),
  /** What it is doing now, or did last. */
  stage: z.string(),
  stop: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** seeds, to do, ok …: whatever the writer counts. */
  counts: z.record(z.string(), z.int()),
  /** Rates, spend and times; null where there is nothing to measure yet. */
  metrics: z.record(z.string(), z.number().nullable()),
  /** For people, ISO 8601 in UTC. */
  updated_at: z.string(),
})
export type RunManifest = z.infer<typeof runManifestSchema>
