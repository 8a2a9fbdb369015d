/** What a model is asked, and what came back; the shapes that llm, the tasks and the runner share. */
import type { Failure } from './failure.ts'
import type { Lane } from './states.ts'

export interface Message {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** A JSON Schema with a name and the SHA-256 of its canonical form. */
export interface AnswerSchema {
  readonly name: string
  readonly json: Record<string, unknown>
  readonly digest: string
}

/** Sampling parameters; one that is not set is not sent. */
export interface Sampling {
  readonly temperature?: number
  readonly topP?: number
  readonly seed?: number
  readonly reasoningEffort?: string
}

export interface Request {
  /** Name of the model task, so that the built-in provider knows which rules apply. */
  readonly task: string
  readonly lane: Lane
  readonly model: string
  readonly messages: readonly Message[]
  readonly schema: AnswerSchema
  readonly sampling: Sampling
  /** The most tokens the answer may have. Not part of the request key: it follows what was observed. */
  readonly answerLimitTokens: number
}

export interface Usage {
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly answerTokens: number
}

export type FinishReason = 'stop' | 'length' | 'content_filter' | 'refusal' | 'other'

/** An answer of any kind, also a refusal or a truncated one: it was billed, so it is stored before it is judged. */
export interface Answer {
  readonly text: string
  readonly finishReason: FinishReason
  readonly usage: Usage
  /** The model that truly answered, as the provider names it. */
  readonly model: string
  readonly requestId: string | null
  readonly latencyMs: number
}

/** A request that got no answer. */
export interface AskFailure extends Failure {
  /** Whether the provider may bill it all the same (our own deadline, a connection that broke after it was sent). */
  readonly mayBeBilled: boolean
  /** How long the provider asked us to wait; null where it did not say. */
  readonly retryAfterMs: number | null
  /** Nothing of this provider will work until a person acts. */
  readonly isSystemic: boolean
  readonly httpStatus: number | null
}

export type Reply = { ok: true; answer: Answer } | { ok: false; failure: AskFailure }
