import type { FailureCode } from './failure.ts'

/** One thing that is wrong with an answer, precise enough to quote to a model or to a person. */
export interface Finding {
  readonly code: FailureCode
  /** A JSON path into the answer, such as `relations[2].dst_i`; empty where the whole answer is meant. */
  readonly at: string
  readonly message: string
  /** The relation type that it is about, where it is about one; cases are grouped by it. */
  readonly relType?: string
}
