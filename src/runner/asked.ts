/** What every task says of itself, who is asked, and what became of a question. */
import type { StoredAnswer } from '../../db/queries/attempts.ts'
import type { AnswerSchema, AskFailure } from '../../schemas/prompt.ts'
import type { Lane } from '../../schemas/states.ts'
import type { LaneSettings } from './lane-settings.ts'
import type { ShardSession } from './shard-session.ts'

/** What every task says of itself on each attempt. */
export interface TaskStamp {
  readonly name: string
  readonly version: number
  readonly promptDigest: string
  readonly answerSchema: AnswerSchema
}

/** Whose question it is, and who is asked. */
export interface Asking {
  readonly session: ShardSession
  readonly task: TaskStamp
  readonly lane: Lane
  readonly settings: LaneSettings
}

export type Asked =
  | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  | { readonly kind: 'unanswered'; readonly failure: AskFailure; readonly attemptId: number }
  /**
   * Nothing was sent: the budget or the usage window has no room for the worst case, or the run is being drained, or the question was put
   * aside for a batch.
   */
  | { readonly kind: 'not_asked'; readonly why: NotAsked }

export type NotAsked = 'budget' | 'window' | 'drained' | 'put_aside'
