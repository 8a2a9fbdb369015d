/** What an intake did, in counts for people. All of it comes from rows, so it is the same after any restart. */
import type { Db } from '../../../db/open.ts'
import { factQueries } from '../../../db/queries/facts.ts'
import { type InputRow, inputQueries, type LineCounts } from '../../../db/queries/inputs.ts'
import { type RefusedRow, refusedQueries } from '../../../db/queries/refused.ts'

export interface IntakeSummary extends LineCounts {
  readonly planNo: number
  readonly lines: number
  /** Facts removed because the inputs of a replacing plan do not name them; they stand on no line. */
  readonly replaced: number
  readonly inputs: readonly InputRow[]
}

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
