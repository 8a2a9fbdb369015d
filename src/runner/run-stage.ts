/** Runs a pass over the records of one file that still need it: a batch, a transaction, until none is left. */
import type { Db } from '../../db/open.ts'
import { RffError } from '../../schemas/failure.ts'
import type { RecordStage } from '../passes/stage.ts'

/**
 * @param guard runs first in every transaction
 * @returns how many records were written
 * @throws RffError internal where a record fails: the passes that run here are deterministic, so that is our fault
 */
export function runStage<In, Out>(db: Db, stage: RecordStage<In, Out>, guard: () => void): number {
  let written = 0
  const runBatch = db.transaction((): number => {
    guard()
    const inputs = stage.read(db, stage.batchSize)
    const outputs = inputs.map((input) => {
      const outcome = stage.apply(input)
      if (!outcome.ok) throw new RffError('internal', `${stage.name}: ${outcome.failure.message}`)
      return outcome.value
    })
    stage.write(db, outputs)
    return inputs.length
  })
  for (;;) {
    const count = runBatch.immediate()
    written += count
    if (count < stage.batchSize) return written // whoever has less has read the last
  }
}
