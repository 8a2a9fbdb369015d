/** The inputs of a plan, block by block: read, judged, written. */
import type { Db } from '../../../db/open.ts'
import { type InputRow, inputQueries } from '../../../db/queries/inputs.ts'
import { RffError } from '../../../schemas/failure.ts'
import { loadHashKey } from '../../../shards/hash-key.ts'
import type { AcceptRules } from '../../passes/10-plan/accept-line.ts'
import { columnsOf } from '../../passes/10-plan/column-map.ts'
import { frozenCheck } from './check-frozen.ts'
import type { IdentifiedInput } from './identify-input.ts'
import { type ReadOptions, readInput } from './read-input.ts'
import { blockSettler } from './settle-block.ts'
import { skipSettled } from './skip-settled.ts'

export interface IntakeProgress {
  readonly path: string
  /** Settled so far, of this input. */
  readonly lines: number
}

export interface TakeOptions extends AcceptRules {
  readonly planNo: number
  /** Facts of other domains are counted as filtered; null takes all. */
  readonly domains: ReadonlySet<string> | null
  readonly maxLineBytes: number
  readonly onProgress: ((progress: IntakeProgress) => void) | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * @param rows of the inputs, in the same order
 * @throws RffError input_unreadable, plan_mismatch, interrupted; every block before it is committed
 */
export async function takeInputs(
  corpus: Db,
  identified: readonly IdentifiedInput[],
  rows: readonly InputRow[],
  options: TakeOptions,
): Promise<void> {
  const inputs = inputQueries(corpus)
  const hashKey = await loadHashKey()
  const settle = blockSettler(corpus, { ...options, firstInputNo: rows[0]!.inputNo }, hashKey)
  for (const [at, input] of identified.entries()) {
    const { inputNo, isComplete } = rows[at]!
    let { lines } = rows[at]!
    if (isComplete) continue
    const cursor = inputs.cursor(inputNo)
    const blocks = readInput(input, readOptionsOf(options, cursor))
    for await (const records of skipSettled(blocks, cursor, input.path, hashKey)) {
      if (records.length === 0) continue
      settle(inputNo, records)
      lines += records.length
      options.onProgress?.({ path: input.path, lines })
      refuseInterrupted(options.signal)
    }
    inputs.complete(inputNo)
  }
}

/** @throws RffError plan_frozen where a record would change or remove a fact of an earlier plan */
export async function expectNoChange(
  corpus: Db,
  identified: readonly IdentifiedInput[],
  options: TakeOptions,
): Promise<void> {
  const check = frozenCheck(corpus, options, options.domains)
  for (const input of identified) {
    for await (const records of readInput(input, readOptionsOf(options, undefined))) {
      check(input.path, records)
      refuseInterrupted(options.signal)
    }
  }
}

const readOptionsOf = ({ columns, maxLineBytes }: TakeOptions, from: ReadOptions['from']): ReadOptions => ({
  maxLineBytes,
  columns: columnsOf(columns),
  from,
})

function refuseInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new RffError('interrupted', 'the intake was interrupted')
}
