/** What doctor prints. */
import * as z from 'zod'
import { document } from './output.ts'

/** One thing that a doctor looked at. */
export const checkSchema = z.strictObject({
  about: z.enum(['settings', 'runtime', 'workspace', 'provider', 'embeddings']),
  name: z.string(),
  /** `warn`: it works, but something is worth knowing. */
  state: z.enum(['ok', 'warn', 'fail']),
  /** What was found, and where it is not ok what to do. */
  found: z.string(),
})

export const doctorOutputs = {
  doctor: document(z.strictObject({ checks: z.array(checkSchema) })),
}
