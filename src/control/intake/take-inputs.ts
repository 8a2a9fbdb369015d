/** The inputs of a plan, block by block: read, judged, written. */
import type { Db } from '../../../db/open.ts'
import { type InputRow, inputQueries } from '../../../db/queries/inputs.ts'
import { RffError } from '../../../schemas/failure.ts'
import { loadHashKey } from '../../../shards/hash-key.ts'
import type { AcceptRules } from '../../passes/10-plan/accept-line.ts'
import { columnsOf } from '../../passes/10-plan/column-map.ts'
import { frozenCheck } from './check-frozen.ts'
import type { IdentifiedInput } from './identify-input.ts'
import { readAhead } from './read-ahead.ts'
import { type ReadOrder, recordCount } from './read-blocks.ts'
import { type ReadOptions, readInput } from './read-input.ts'
import type { BlockRules } from './scan-block.ts'
import { type BlockSettler, blockSettler } from './settle-block.ts'

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
  /** Threads that may work at once, this one too. */
  readonly threadCount: number
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
  const settler = blockSettler(corpus, { ...options, firstInputNo: rows[0]!.inputNo }, hashKey)
  try {
    for (const [at, input] of identified.entries()) {
      const { inputNo, isComplete, lines } = rows[at]!
      if (isComplete) continue
      const cursor = inputs.cursor(inputNo)
      const order = { input, rules: blockRulesOf(options), cursor, isScanned: settler.takesBytes }
      await takeInput(settler, inputNo, lines, order, options)
      inputs.complete(inputNo)
    }
  } finally {
    settler.close()
  }
}

async function takeInput(
  settler: BlockSettler,
  inputNo: number,
  linesBefore: number,
  order: ReadOrder,
  { threadCount, onProgress, signal }: TakeOptions,
): Promise<void> {
  let lines = linesBefore
  for await (const block of readAhead(order, threadCount)) {
    const count = recordCount(block)
    if (count === 0) continue
    settler.settle(inputNo, block)
    lines += count
    onProgress?.({ path: order.input.path, lines })
    refuseInterrupted(signal)
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
    for await (const records of readInput(input, readOptionsOf(options))) {
      check(input.path, records)
      refuseInterrupted(options.signal)
    }
  }
}

const readOptionsOf = ({ columns, maxLineBytes }: TakeOptions): ReadOptions => ({
  maxLineBytes,
  columns: columnsOf(columns),
  from: undefined,
})

/** No more of the options, for they cross to a thread. */
const blockRulesOf = ({ columns, maxTextChars, maxLineBytes }: TakeOptions): BlockRules => ({
  columns,
  maxTextChars,
  maxLineBytes,
})

function refuseInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new RffError('interrupted', 'the intake was interrupted')
}
