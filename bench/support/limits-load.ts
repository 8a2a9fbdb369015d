/** The load of the trial `limits`: the same questions for everybody, and what came of them. */
import OpenAI from 'openai'

export interface LimitsInput {
  readonly url: string
  readonly seconds: number
  readonly tokensPerMinute: number
  /** Questions that wait at once. */
  readonly waiting: number
  /** How long one try may take. */
  readonly deadlineMs: number
  /** Of the contenders that share a limit among processes; they meet here. */
  readonly file: string
}

export interface LimitsOutput {
  readonly answered: number
  /** Given up for good before the time was over. */
  readonly lost: number
}

const PROMPT_CHARS = 2_800
export const ANSWER_LIMIT_TOKENS = 1_000
/** As the simulated server counts. */
export const PROMPT_TOKENS = PROMPT_CHARS / 4
export const TOKENS_PER_CALL = PROMPT_TOKENS + ANSWER_LIMIT_TOKENS

/** No two processes put the same question. */
export const promptOf = (n: number): string =>
  `Structure the facts of cluster ${process.pid}/${n}. `.padEnd(PROMPT_CHARS, 'A fact. ')

const bodyOf = (n: number): OpenAI.ChatCompletionCreateParamsNonStreaming => ({
  model: 'sim-1',
  messages: [{ role: 'user', content: promptOf(n) }],
  max_completion_tokens: ANSWER_LIMIT_TOKENS,
})

/** With the package's own retries, unless told otherwise. */
export const openaiClient = (
  { url, deadlineMs }: Pick<LimitsInput, 'url' | 'deadlineMs'>,
  options: { maxRetries?: number } = {},
): OpenAI => new OpenAI({ baseURL: url, apiKey: 'none', timeout: deadlineMs, logLevel: 'off', ...options })

/** @returns whether it was answered */
export async function askOnce(
  client: OpenAI,
  n: number,
  onError?: (status: number | undefined) => void,
): Promise<boolean> {
  try {
    await client.chat.completions.create(bodyOf(n))
    return true
  } catch (error) {
    // A connection that broke has no status.
    onError?.(error instanceof OpenAI.APIError ? error.status : undefined)
    return false
  }
}

/** So many workers, each putting one question after the other until the time is over. */
export async function inWorkers(
  count: number,
  seconds: number,
  ask: (n: number, signal: AbortSignal) => Promise<boolean>,
): Promise<LimitsOutput> {
  const signal = AbortSignal.timeout(seconds * 1_000)
  const output = { answered: 0, lost: 0 }
  let next = 0
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      const isAnswered = await ask(next++, signal)
      if (isAnswered) output.answered += 1
      else if (!signal.aborted) output.lost += 1
    }
  }
  await Promise.all(Array.from({ length: count }, work))
  return output
}

/** Every call goes through a limiter, which begins it when it thinks fit. */
export function inWorkersThrough(
  limiter: (call: () => Promise<boolean>) => Promise<boolean>,
  { seconds, waiting, ...place }: LimitsInput,
): Promise<LimitsOutput> {
  const client = openaiClient(place)
  return inWorkers(waiting, seconds, (n, signal) =>
    limiter(async () => !signal.aborted && askOnce(client, n)),
  )
}
