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
  /** What the provider is to call this one request, where it lists requests by a name of ours. Not part of the request key. */
  readonly clientRequestId?: string
}

export interface Usage {
  readonly promptTokens: number
  /** The part of promptTokens that was served from the provider's cache. */
  readonly cachedTokens: number
  /** The part of promptTokens that was put into that cache, where this has a price of its own. */
  readonly cacheWriteTokens?: number
  readonly answerTokens: number
  /** Set where the provider reported no usage: the numbers are then the most that it can have been. */
  readonly isBound?: true
  /** What the provider itself says this cost, where it says so. */
  readonly reportedMicroUsd?: number
}

/** One of a provider's limits as its headers told it; null for what they left out. */
export interface LimitSeen {
  /** Per minute, or per whatever the provider counts by. */
  readonly limit: number
  readonly remaining: number | null
  /** Time until the limit is whole again. */
  readonly resetMs: number | null
}

/** The limits that a response told; null for those that it did not. */
export interface LimitsSeen {
  readonly requests: LimitSeen | null
  readonly tokens: LimitSeen | null
  readonly projectTokens: LimitSeen | null
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
  /** The tier that was truly used, where the provider has tiers. */
  readonly serviceTier?: string
  readonly limits?: LimitsSeen
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
  /** The provider's name of the request, for reconciling. */
  readonly requestId?: string | null
  /** A parameter that the provider does not take and that is left out from now on: the same request may go again at once. */
  readonly rejectedParameter?: string
  readonly limits?: LimitsSeen
}

/** What a limit learns from: a reply of any kind of request. */
export type Returned =
  | { readonly ok: true; readonly answer: Pick<Answer, 'usage' | 'limits'> }
  | { readonly ok: false; readonly failure: AskFailure }

export type Reply = { ok: true; answer: Answer } | { ok: false; failure: AskFailure }
