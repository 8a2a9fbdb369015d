/** What the verbs of loop print. */
import * as z from 'zod'
import { ITERATION_STATES, LOOP_STATES } from '../states.ts'
import { document } from './output.ts'
import { failureSchema } from './trouble.ts'

const count = z.int().min(0)

const iterationRowSchema = z.strictObject({
  iterationNo: count,
  state: z.enum(ITERATION_STATES),
  /** Where it goes on. */
  step: z.enum(['run', 'merge', 'archive', 'end']),
  /** How many it was to take. */
  seeds: count,
  /** Clusters that were done, over all shards, when it began. */
  doneBefore: count,
  tries: count,
  runTag: z.string().nullable(),
  fieldTag: z.string().nullable(),
  failure: failureSchema.nullable(),
  createdAtMs: z.number(),
})

export const loopSummarySchema = z.strictObject({
  /** Finished here, in order. */
  iterations: z.array(iterationRowSchema),
  end: z.enum(['stopped', 'nothing_left', 'once']),
})

export const loopStatusSchema = z.strictObject({
  /** The process that drives it; null where none does. */
  holder: z.string().nullable(),
  todo: count,
  /** Newest first. */
  iterations: z.array(iterationRowSchema),
  state: z.enum(LOOP_STATES),
  reason: z.string().nullable(),
  /** Times in a row that an iteration failed with `lastCode`. */
  strikes: count,
  lastCode: z.string().nullable(),
})

export const loopOutputs = {
  'loop start': document(loopSummarySchema),
  'loop once': document(loopSummarySchema),
  'loop stop': document(
    z.strictObject({
      /** The process that ends after its iteration; null where no loop runs. */
      stopping: z.string().nullable(),
    }),
  ),
  'loop resume': document(
    z.strictObject({
      /** null where it was not paused. */
      wasPausedFor: z.string().nullable(),
    }),
  ),
  'loop status': document(loopStatusSchema),
}
