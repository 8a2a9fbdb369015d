/** What an intake did, in counts for people. All of it comes from rows, so it is the same after any restart. */
import type { Db } from '../../../db/open.ts'
import { factQueries } from '../../../db/queries/facts.ts'
import { inputQueries, type LineCounts } from '../../../db/queries/inputs.ts'
import { type RefusedRow, refusedQueries } from '../../../db/queries/refused.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { intakeSummarySchema } from '../../../schemas/output/plan.ts'

export type IntakeSummary = Inferred<typeof intakeSummarySchema>

export function intakeSummary(corpus: Db, planNo: number): IntakeSummary {
  const inputs = inputQueries(corpus).ofPlan(planNo)
  const total = (counter: keyof LineCounts | 'lines'): number =>
    inputs.reduce((sum, input) => sum + input[counter], 0)
  return {
    planNo,
    lines: total('lines'),
    added: total('added'),
    changed: total('changed'),
    removed: total('removed'),
    known: total('known'),
    repeated: total('repeated'),
    filtered: total('filtered'),
    refused: total('refused'),
    replaced: factQueries(corpus).replacedCount(planNo),
    inputs,
  }
}

/** The first refused lines of a plan, in the order of reading. */
export const refusedSample = (corpus: Db, planNo: number, limit: number): (RefusedRow & { path: string })[] =>
  refusedQueries(corpus).sample(planNo, limit)
