/**
 * The contract of a pass. Every folder beside this file looks the same: `stage.ts` wires, the verbs beside it are
 * pure. The runner (and control, for the passes over a whole corpus) does the paging, transactions, marks, counters
 * and failures; a stage that does its own bookkeeping is a bug.
 */
import type { Db } from '../../db/open.ts'
import type { Outcome } from '../../schemas/failure.ts'

/**
 * A pass that looks at one record at a time, so that a batch can be repeated and killed anywhere.
 *
 * `read` returns the next records that are still to do, so what `write` marks is not read again; one batch is one
 * transaction.
 */
export interface RecordStage<In, Out> {
  readonly name: string
  /** Raise it when the same input may give another output. */
  readonly version: number
  /** Records a transaction. */
  readonly batchSize: number
  read(db: Db, limit: number): In[]
  /** Pure. */
  apply(input: In): Outcome<Out>
  write(db: Db, outputs: readonly Out[]): void
}

/**
 * A pass over a whole set that cannot be cut into records (merging names, scoring links). It empties its own tables
 * and fills them in one transaction, so a second run changes nothing and a killed one left nothing. Where threads read for
 * it the summary is a promise.
 */
export interface SetStage<Settings, Summary> {
  readonly name: string
  readonly version: number
  apply(db: Db, settings: Settings): Summary
}
