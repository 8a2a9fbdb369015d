/** What audit prints. */
import * as z from 'zod'
import { document } from './output.ts'

const count = z.int().min(0)

/** What one check of the audit found. */
export const checkResultSchema = z.strictObject({
  name: z.string(),
  claim: z.string(),
  /** From the workspace's folder on. */
  file: z.string(),
  /** null where no SQL can tell, such as whether a pointer leads anywhere. */
  sql: z.string().nullable(),
  /** Other files that the SQL reads, by the name under which they are attached. */
  attached: z.record(z.string(), z.string()),
  found: z.union([z.string(), count]),
  expected: z.union([z.string(), count]),
  passed: z.boolean(),
  /** Why it was not made this time; null where it was. It then counts as neither passed nor failed. */
  skipped: z.string().nullable(),
})

export const auditReportSchema = z.strictObject({
  isDeep: z.boolean(),
  /** By file, in the order in which a fact walks through them. */
  checks: z.array(checkResultSchema),
  passed: count,
  failed: count,
  skipped: count,
})

export const auditOutputs = {
  audit: document(auditReportSchema),
}
