/** What the page is told of the cost of what is left. */
import * as z from 'zod'
import { costEstimateSchema, laneEstimateSchema } from '../output/cost.ts'

const count = z.int().min(0)
export const estimatePageSchema = costEstimateSchema
  .pick({ calls: true, tokens: true, microUsd: true, batchMicroUsd: true, hours: true })
  .extend({
    todo: count,
    byRules: count,
    promptsCounted: count,
    isCountExact: z.boolean(),
    lanes: z.array(laneEstimateSchema.omit({ batchMicroUsd: true, history: true })),
  })
export type EstimatePage = z.infer<typeof estimatePageSchema>
