/** One input in blocks behind its cursor, each to be settled in one transaction; here, or in a thread (see readAhead). */
import type { InputCursor } from '../../../db/queries/inputs.ts'
import { loadHashBytes, loadHashKey } from '../../../shards/hash-key.ts'
import { columnsOf } from '../../passes/10-plan/column-map.ts'
import type { RawRecord } from '../../passes/10-plan/raw-record.ts'
import type { IdentifiedInput } from './identify-input.ts'
import { holdsLines, readCuts, readInput } from './read-input.ts'
import { linesOf } from './read-lines.ts'
import { type BlockRules, blockScanner, type ScannedBlock, scannedRecord } from './scan-block.ts'
import { skipSettled } from './skip-settled.ts'

export type Block = readonly RawRecord[] | ScannedBlock

/** Plain data, for it crosses to a thread. */
export interface ReadOrder {
  readonly input: IdentifiedInput
  readonly rules: BlockRules
  readonly cursor: InputCursor | undefined
  /** Whether plain facts may be left as bytes, where the format has lines. */
  readonly isScanned: boolean
}

/** @throws RffError input_unreadable, plan_mismatch */
export async function* readBlocks({ input, rules, cursor, isScanned }: ReadOrder): AsyncGenerator<Block> {
  const options = { maxLineBytes: rules.maxLineBytes, columns: columnsOf(rules.columns), from: cursor }
  const skip = skipSettled(cursor, input.path, await loadHashKey())
  if (isScanned && holdsLines(input)) {
    const scan = blockScanner(rules, await loadHashBytes())
    for await (const cuts of readCuts(input, options)) {
      yield skip.isPassed() ? scan(cuts) : skip.behind(linesOf(cuts, rules.maxLineBytes))
    }
  } else for await (const records of readInput(input, options)) yield skip.behind(records)
  skip.expectPassed()
}

export const isScannedBlock = (block: Block): block is ScannedBlock => 'spans' in block

export const recordCount = (block: Block): number => (isScannedBlock(block) ? block.count : block.length)

export const recordAt = (block: Block, number: number): RawRecord =>
  isScannedBlock(block) ? scannedRecord(block, number) : block[number]!
