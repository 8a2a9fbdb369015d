import type { AnsweredHere } from './asked.ts'
import type { Judgement } from './judge.ts'

/** One answer and what was made of it. */
export interface Move<Answer> {
  readonly attemptId: number
  readonly text: string
  readonly judgement: Judgement<Answer>
  /** Where the answer is not in the tables yet. */
  readonly unwritten?: AnsweredHere | undefined
}
