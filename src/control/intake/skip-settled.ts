/** The records behind a cursor: those that an earlier try of this plan has settled are passed over. */
import type { InputCursor } from '../../../db/queries/inputs.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { HashKey } from '../../../shards/hash-key.ts'
import { contentOf, type RawRecord } from '../../passes/10-plan/raw-record.ts'

/**
 * @throws RffError plan_mismatch where the last settled record is not where it was: the input was changed, and
 *   going on would take some lines of the one and some of the other
 */
export async function* skipSettled(
  blocks: AsyncIterable<RawRecord[]>,
  cursor: InputCursor | undefined,
  path: string,
  hashKey: HashKey,
): AsyncGenerator<RawRecord[]> {
  let isFound = cursor === undefined
  for await (const records of blocks) {
    if (isFound || cursor === undefined) {
      yield records
      continue
    }
    const at = records.findIndex((record) => record.lineNumber >= cursor.lineNumber)
    if (at < 0) continue
    const found = records[at]!
    isFound =
      found.lineNumber === cursor.lineNumber &&
      found.byteOffset === cursor.byteOffset &&
      hashKey(contentOf(found)) === cursor.hash
    if (!isFound) break
    yield records.slice(at + 1)
  }
  if (!isFound) {
    throw new RffError(
      'plan_mismatch',
      `${path} is not what it was when this plan was begun: line ${cursor!.lineNumber} was another one`,
    )
  }
}
