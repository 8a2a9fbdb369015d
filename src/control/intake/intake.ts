/**
 * Intake: the inputs of a plan into the corpus, each line into exactly one counter.
 *
 * A block of records, its counters and the cursor of its input are one transaction. So an intake that is killed
 * anywhere goes on behind the last block that was committed, and ends with the rows and counters of one that was not.
 */

import type { Db } from '../../../db/open.ts'
import { deferFactIndexes, restoreFactIndexes } from '../../../db/queries/deferred-indexes.ts'
import { type InputRow, inputQueries } from '../../../db/queries/inputs.ts'
import { RffError } from '../../../schemas/failure.ts'
import { columnMapOf } from '../../passes/10-plan/column-map.ts'
import { settleTouched } from '../../passes/10-plan/stage.ts'
import { type IdentifiedInput, identifyInput } from './identify-input.ts'
import { type IntakeSummary, intakeSummary } from './intake-summary.ts'
import { refuseTooMany } from './refuse-too-many.ts'
import { removeAbsent } from './remove-absent.ts'
import { expectNoChange, type IntakeProgress, type TakeOptions, takeInputs } from './take-inputs.ts'

export type { IntakeSummary }

export interface IntakeOptions {
  readonly planNo: number
  /** As a person names them, in the order in which they are read; see identifyInput. */
  readonly inputs: readonly string[]
  /** Field to column, where they differ: `{ text: 'statement' }`. */
  readonly map: Readonly<Record<string, string>>
  /** Only facts of these domains. */
  readonly domains?: readonly string[]
  /** Facts that these inputs do not name are removed. */
  readonly replace: boolean
  /** A changed or removed fact refuses the whole plan. */
  readonly frozen: boolean
  readonly maxRefusedShare: number
  readonly limits: { readonly maxLineBytes: number; readonly maxTextChars: number }
  /** Threads that may work at once, this one too; one if not given. */
  readonly threadCount?: number
  /** Called after each block is committed. */
  readonly onProgress?: (progress: IntakeProgress) => void
  readonly signal?: AbortSignal
}

/**
 * @throws RffError usage, input_not_found, input_unreadable, plan_frozen, plan_mismatch, interrupted; and
 *   too_many_refused, after every line was recorded and before anything else of the plan happens
 */
export async function intake(corpus: Db, options: IntakeOptions): Promise<IntakeSummary> {
  refuseContradictions(options)
  const take = takeOptionsOf(options)
  const inputs: IdentifiedInput[] = []
  for (const path of options.inputs) inputs.push(await identifyInput(path))
  // Once lines of this plan are written the check has passed, and would meet the plan's own facts.
  const isBegun = inputQueries(corpus).ofPlan(options.planNo).length > 0
  if (options.frozen && !isBegun) {
    restoreFactIndexes(corpus)
    await expectNoChange(corpus, inputs, take)
  }
  const rows = registerInputs(corpus, inputs, options.planNo)
  deferFactIndexes(corpus)
  await takeInputs(corpus, inputs, rows, take)
  restoreFactIndexes(corpus)
  refuseTooMany(corpus, options)
  if (options.replace) {
    expectFacts(corpus, options.planNo)
    removeAbsent(corpus, options.planNo, rows[0]!.inputNo, take.domains)
  }
  settleTouched(corpus, options.planNo)
  return intakeSummary(corpus, options.planNo)
}

/** An empty file is more likely a mistake than the wish to remove everything. */
function expectFacts(corpus: Db, planNo: number): void {
  const { added, changed, known, repeated } = intakeSummary(corpus, planNo)
  if (added + changed + known + repeated > 0) return
  throw new RffError('usage', 'the inputs hold no fact, so --replace would remove everything')
}

function refuseContradictions({ inputs, replace, frozen }: IntakeOptions): void {
  if (inputs.length === 0) {
    throw new RffError('usage', 'name at least one file of facts, or - for standard input')
  }
  const twice = inputs.find((path, at) => inputs.indexOf(path) < at)
  if (twice !== undefined) throw new RffError('usage', `${twice} is named twice`)
  if (frozen && replace) throw new RffError('usage', '--frozen forbids what --replace asks for')
  if (frozen && inputs.includes('-')) {
    throw new RffError('usage', '--frozen reads its inputs twice, which standard input does not allow')
  }
}

function takeOptionsOf(options: IntakeOptions): TakeOptions {
  const { planNo, map, domains, limits, threadCount = 1, onProgress, signal } = options
  return {
    planNo,
    columns: columnMapOf(map),
    domains: domains === undefined ? null : new Set(domains),
    ...limits,
    threadCount,
    onProgress,
    signal,
  }
}

/**
 * All at once, so that the inputs of a plan are numbered in one go.
 *
 * @throws RffError plan_mismatch where the plan was begun with other inputs
 */
function registerInputs(corpus: Db, identified: readonly IdentifiedInput[], planNo: number): InputRow[] {
  const inputs = inputQueries(corpus)
  const register = corpus.transaction(() => {
    if (inputs.ofPlan(planNo).length === 0) {
      for (const { path, format } of identified) inputs.insert({ planNo, path, format })
    }
    return inputs.ofPlan(planNo)
  })
  const rows = register.immediate()
  const begun = rows.map((row) => row.path).join(', ')
  const asked = identified.map((input) => input.path).join(', ')
  if (begun !== asked) {
    throw new RffError('plan_mismatch', `plan ${planNo} was begun with ${begun}, not with ${asked}`)
  }
  return rows
}
