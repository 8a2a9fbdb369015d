/** What is known of an OpenAI-compatible server: where it is and how it wants to be asked. */

/** What the server can hold an answer to; validation is ours in every case. */
export type StructuredOutput = 'strict' | 'json' | 'none'
export type AnswerLimitParameter = 'max_completion_tokens' | 'max_tokens'

export interface ProviderProfile {
  readonly name: string
  /** With `/v1` or what stands in its place. */
  readonly baseUrl: string
  /** The environment variable that holds the key; null where none is needed. */
  readonly keyVariable: string | null
  readonly structuredOutput: StructuredOutput
  readonly answerLimitParameter: AnswerLimitParameter
  /** Parameters that must not be sent. */
  readonly rejectedParameters: readonly string[]
  /** Whether the server takes a key that steers equal prompts to the same cache. */
  readonly takesPromptCacheKey: boolean
  /** Sent with every request as it stands. */
  readonly extraBody: Readonly<Record<string, unknown>>
  /** Set where the server has no Batch API. */
  readonly takesBatches?: false
}
