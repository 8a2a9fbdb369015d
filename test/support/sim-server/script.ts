/** What a simulated server is told to be: plain data, so that it can also come from a command line. */

/**
 * Everything that can go wrong with a request.
 *
 * The first group refuses it, the second breaks the connection or the body, the third is billed in full and has an
 * answer that something is wrong with.
 */
export const FAULTS = [
  'rate_limited',
  'request_too_large',
  'no_credit',
  'payment_required',
  'unauthorised',
  'forbidden',
  'model_unknown',
  'bad_request',
  'context_length',
  'request_timeout',
  'server_error',
  'unavailable',
  'overloaded',
  'html',
  'error_in_200',
  'no_choices',

  'hang',
  'stall_in_body',
  'slow_drip',
  'flood',
  'reset_before',
  'reset_in_body',
  'cut_body',

  'broken_json',
  'fenced',
  'thinking',
  'off_schema',
  'circle',
  'made_up_type',
  'empty',
  'refusal',
  'content_filter',
  'length',
  'no_usage',
] as const
export type Fault = (typeof FAULTS)[number]

/** A rule that picks requests. All conditions that are given must hold; the first rule that holds decides. */
export interface ScriptRule {
  /** What happens; `none` answers as if no other rule and no share were there. */
  readonly fault: Fault | 'none'
  /** Numbers of chat requests as they arrive, counted from 1. */
  readonly requests?: readonly number[]
  /** A range of those numbers, both ends included. */
  readonly from?: number
  readonly to?: number
  /** A string that stands in some message of the request. */
  readonly promptHas?: string
  readonly model?: string
  /** At most this many times in all. */
  readonly times?: number
  /** At most this many times for one request body, so that a retry gets through. */
  readonly timesPerBody?: number
  /** Sent as `retry-after` where the fault is a refusal. */
  readonly retryAfterSeconds?: number
}

export interface SimLimits {
  readonly requestsPerMinute?: number
  readonly tokensPerMinute?: number
  /** How much of a minute the buckets hold; 60 by default, some servers enforce a single second. */
  readonly burstSeconds?: number
  /** How the headers are written: as documented, with commas in the numbers, or not at all. */
  readonly headers?: 'documented' | 'commas' | 'absent'
}

/** How batches go, in the order of their creation. */
export interface BatchScript {
  /** How each ends; `completed` beyond the list. A cancelled one needs no entry. */
  readonly outcomes?: readonly ('completed' | 'failed' | 'expired')[]
  /** Share of the lines that an expired or cancelled batch had done; 0.5 by default. */
  readonly doneShare?: number
  /** So many creations are told that their fresh file does not exist. */
  readonly freshFileNotFoundTimes?: number
  /** The first request that comes to this point gets no (whole) response, so that its sender can be killed there. */
  readonly holdAt?: HoldPoint
}

/** `content` holds in the middle of a result file; the others before or after what the request does. */
export const HOLD_POINTS = ['before_upload', 'after_upload', 'after_create', 'look', 'content'] as const
export type HoldPoint = (typeof HOLD_POINTS)[number]

/** How texts become vectors. */
export interface SimEmbeddings {
  /** Of a vector where the request does not say; 64 by default. */
  readonly dimensions?: number
  /** Words of one meaning: all of a group count as its first. */
  readonly synonyms?: readonly (readonly string[])[]
  /** A text with one of these in it is too long for the model. */
  readonly refusesTexts?: readonly string[]
  /** A text with one of these in it gets a vector of zeros. */
  readonly zeroTexts?: readonly string[]
  /** Vectors as numbers, whatever was asked for. */
  readonly ignoresFormat?: boolean
}

export interface SimOptions {
  readonly seed?: number
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** The models that are there; any name is taken where this is not given. */
  readonly models?: readonly string[]
  /** Where it is given, a request with another key gets 401. */
  readonly key?: string
  /** Lognormal; no delay where it is not given. */
  readonly latency?: { readonly medianMs: number; readonly sigma: number }
  readonly limits?: SimLimits
  /** Share of the requests that get a fault, by fault. */
  readonly faults?: Partial<Record<Fault, number>>
  readonly script?: readonly ScriptRule[]
  readonly batches?: BatchScript
  readonly embeddings?: SimEmbeddings
  /** Parameters that are answered with 400 and their name. */
  readonly rejectedParameters?: readonly string[]
  /** Answers longer than asked for, as some servers give. */
  readonly ignoresAnswerLimit?: boolean
  /** The tier that answers say they came from; none is told where it is not given. */
  readonly serviceTier?: string
  /** Keeps every request for `requests()`, with the key redacted. */
  readonly records?: boolean
}

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** A line of the list that a provider gives of what it bills. */
export interface BilledRequest {
  readonly request_id: string
  /** As the request named itself in `x-client-request-id`. */
  readonly client_request_id: string | null
  readonly created_at: string
  readonly model: string
  readonly prompt_tokens: number
  readonly completion_tokens: number
}

export interface SimStats {
  /** Chat requests that arrived, whatever became of them; lines of batches stand apart. */
  readonly requests: number
  readonly batchLines: number
  /** Those that were billed: an answer was made, whether or not it arrived. */
  readonly billed: number
  readonly billedPromptTokens: number
  readonly billedAnswerTokens: number
  /** Requests whose body had been seen before, and those of them that were billed a second time. */
  readonly repeated: number
  readonly billedAgain: number
  /** Requests for vectors that arrived; those that were billed are among the others. */
  readonly embeddingRequests: number
  /** Texts whose vectors were billed, and those of them that had been billed before for the same model and length. */
  readonly billedTexts: number
  readonly textsBilledAgain: number
  /** What the token limit was charged for: an estimate before each call, as the real ones do. */
  readonly chargedTokens: number
  /** Requests of the Batch API that were held. */
  readonly held: number
  /** Requests that a limit refused. */
  readonly overLimit: number
  readonly inFlight: number
  readonly mostInFlight: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly byFault: Readonly<Record<string, number>>
}
