/** What ctl prints: what each process of the run answered, and what the run may cost. */
import * as z from 'zod'
import { steeringReplySchema } from '../steering.ts'
import { document } from './output.ts'

const count = z.int().min(0)

export const steeredProcessSchema = z.strictObject({
  pid: count,
  reply: steeringReplySchema,
})

/** null: no cap of that kind. */
const capsSchema = z.strictObject({
  microUsd: count.nullable(),
  tokens: count.nullable(),
  calls: count.nullable(),
})

/** Money, tokens and calls: what a run may use, what a grant holds, what a request books. Whole numbers. */
const costSchema = z.strictObject({
  microUsd: count,
  tokens: count,
  calls: count,
})

export const runBudgetSchema = z.strictObject({
  runTag: z.string(),
  caps: capsSchema,
  /** What shards hold of them now. */
  granted: costSchema,
})

const steeredSchema = z.strictObject({
  processes: z.array(steeredProcessSchema),
  /** Of the open run; null where none is open. */
  budget: runBudgetSchema.nullable(),
})

export const ctlOutputs = {
  'ctl status': document(steeredSchema),
  'ctl pause': document(steeredSchema),
  'ctl resume': document(steeredSchema),
  'ctl set': document(steeredSchema),
}
