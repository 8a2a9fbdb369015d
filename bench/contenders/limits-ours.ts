/** Our provider, limiter and retries, as a thread of a run has them; no books. */
import type { Request } from '../../schemas/prompt.ts'
import type { Tries } from '../../src/llm/backoff.ts'
import { built } from '../support/built.ts'
import {
  ANSWER_LIMIT_TOKENS,
  inWorkers,
  type LimitsInput,
  type LimitsOutput,
  PROMPT_TOKENS,
  promptOf,
} from '../support/limits-load.ts'

const { countTry, nextTry } = await built<typeof import('../../src/llm/backoff.ts')>('src/llm/backoff.ts')
const { openaiCompatibleProvider } = await built<typeof import('../../src/llm/openai-compatible.ts')>(
  'src/llm/openai-compatible.ts',
)
const { openLimit } = await built<typeof import('../../src/runner/open-limit.ts')>('src/runner/open-limit.ts')
const { openLimitWords } =
  await built<typeof import('../../db/queries/limit-words.ts')>('db/queries/limit-words.ts')
const { wordsToBeginWith } = await built<typeof import('../../src/llm/limiter/limit-words.ts')>(
  'src/llm/limiter/limit-words.ts',
)
const { placesWords } =
  await built<typeof import('../../src/llm/limiter/places.ts')>('src/llm/limiter/places.ts')

const MOST_IN_FLIGHT = 2_000
const LIMIT_ID = 'sim'
const TRANSPORT = { transportTries: 6, backoffMs: 500 }

const requestOf = (n: number): Request => ({
  task: 'bench',
  lane: 'primary',
  model: 'sim-1',
  messages: [{ role: 'user', content: promptOf(n) }],
  schema: { name: 'answer', json: { type: 'object' }, digest: '' },
  sampling: {},
  answerLimitTokens: ANSWER_LIMIT_TOKENS,
})

/** The limit is told by nobody but the server. */
export async function prepare({ file }: LimitsInput) {
  const known = { requestsPerMinute: null, tokensPerMinute: null }
  const words = openLimitWords(file)
  words.begin(LIMIT_ID, (before) => wordsToBeginWith(before, known, process.hrtime.bigint()))
  words.close()
  return openLimit({ file, limitId: LIMIT_ID, places: placesWords(MOST_IN_FLIGHT) })
}

export async function contend(
  { url, seconds, waiting, deadlineMs }: LimitsInput,
  limiter: Awaited<ReturnType<typeof prepare>>,
): Promise<LimitsOutput> {
  const provider = openaiCompatibleProvider(
    {
      ...{ name: 'sim', baseUrl: url, keyVariable: null, structuredOutput: 'none', rejectedParameters: [] },
      ...{ answerLimitParameter: 'max_completion_tokens', takesPromptCacheKey: false, extraBody: {} },
    },
    null,
  )
  return inWorkers(waiting, seconds, async (n, signal) => {
    const request = requestOf(n)
    for (let tries: Tries = {}; ; ) {
      const isRetry = Object.keys(tries).length > 0
      const demand = { promptTokens: PROMPT_TOKENS, answerLimitTokens: ANSWER_LIMIT_TOKENS, isRetry }
      const grant = await limiter.enter(demand, signal).catch(() => null)
      if (grant === null) return false
      limiter.sent(grant)
      const reply = await provider.ask(request, AbortSignal.timeout(deadlineMs))
      limiter.leave(grant, reply)
      if (reply.ok) return true
      tries = countTry(tries, reply.failure)
      const next = nextTry(reply.failure, tries, TRANSPORT, Math.random())
      if (next.kind !== 'wait' || signal.aborted) return false
      await new Promise((resolve) => setTimeout(resolve, next.waitMs))
    }
  })
}
