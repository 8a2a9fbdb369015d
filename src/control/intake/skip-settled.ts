/** The records behind a cursor: those that an earlier try of this plan has settled are passed over. */
import type { InputCursor } from '../../../db/queries/inputs.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { HashKey } from '../../../shards/hash-key.ts'
import { contentOf, type RawRecord } from '../../passes/10-plan/raw-record.ts'

export interface SettledSkip {
  /** Whether all that comes now is behind the cursor. */
  readonly isPassed: () => boolean
  /** @returns what of the next records is behind the cursor */
  readonly behind: (records: RawRecord[]) => RawRecord[]
  readonly expectPassed: () => void
}

/**
 * `behind` and `expectPassed`, which is for the end of the input, throw where the last settled record is not where it
 * was: the input was changed, and going on would take some lines of the one and some of the other.
 *
 * @throws RffError plan_mismatch
 */
export function skipSettled(cursor: InputCursor | undefined, path: string, hashKey: HashKey): SettledSkip {
  let isPassed = cursor === undefined
  const expect = (isThere: boolean): void => {
    if (isThere) return
    throw new RffError(
      'plan_mismatch',
      `${path} is not what it was when this plan was begun: line ${cursor!.lineNumber} was another one`,
    )
  }
  return {
    isPassed: () => isPassed,
    behind(records) {
      if (isPassed || cursor === undefined) return records
      const at = records.findIndex((record) => record.lineNumber >= cursor.lineNumber)
      if (at < 0) return []
      const found = records[at]!
      isPassed =
        found.lineNumber === cursor.lineNumber &&
        found.byteOffset === cursor.byteOffset &&
        hashKey(contentOf(found)) === cursor.hash
      expect(isPassed)
      return records.slice(at + 1)
    },
    expectPassed: () => expect(isPassed),
  }
}
