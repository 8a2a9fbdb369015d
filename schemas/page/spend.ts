/** What the page is told of money and of errors. */
import * as z from 'zod'
import {
  embeddingSpendSchema,
  laneYieldSchema,
  salvageSavingSchema,
  spendTotalsSchema,
} from '../output/spend.ts'
import { LANES } from '../states.ts'

const count = z.int().min(0)

export const spendPageSchema = z.strictObject({
  lines: z.array(spendTotalsSchema.extend({ model: z.string(), lane: z.enum(LANES) })),
  /** Ascending; days in UTC that nothing was sent on are left out. */
  days: z.array(z.strictObject({ day: z.string(), model: z.string(), attempts: count, microUsd: count })),
  /** Of runs alone. */
  microUsd: count,
  unsettledMicroUsd: count,
  /** Vectors for search, which belong to no run. */
  embeddings: z.array(embeddingSpendSchema),
  perThousandOkMicroUsd: count.nullable(),
  salvage: salvageSavingSchema,
  laneYields: z.array(laneYieldSchema),
  unreadable: z.array(count),
})
export type SpendPage = z.infer<typeof spendPageSchema>

export const errorsSchema = z.strictObject({
  codes: z.array(
    z.strictObject({
      code: z.string(),
      kind: z.string(),
      hint: z.string(),
      attempts: count,
      clusters: count,
      salvaged: count,
      microUsd: count,
      byLane: z.array(z.strictObject({ lane: z.enum(LANES), attempts: count })),
    }),
  ),
  unreadable: z.array(count),
})
export type Errors = z.infer<typeof errorsSchema>
