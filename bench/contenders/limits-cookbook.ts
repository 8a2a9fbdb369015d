/**
 * A loop in the manner of the script that OpenAI's cookbook has for this: a counter of tokens that begins full and is
 * refilled by time, a request whenever it suffices, fifteen seconds of silence after a refusal, five tries each.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  askOnce,
  type LimitsInput,
  type LimitsOutput,
  openaiClient,
  TOKENS_PER_CALL,
} from '../support/limits-load.ts'

const SILENCE_AFTER_REFUSAL_MS = 15_000
const TRIES = 5
const LOOK_EVERY_MS = 1

export async function contend({ seconds, tokensPerMinute, ...place }: LimitsInput): Promise<LimitsOutput> {
  const client = openaiClient(place, { maxRetries: 0 })
  const endsAt = performance.now() + seconds * 1_000
  const output = { answered: 0, lost: 0 }
  const again: { n: number; triesLeft: number }[] = []
  let tokens = tokensPerMinute
  let refilledAt = performance.now()
  let refusedAt = Number.NEGATIVE_INFINITY
  let next = 0

  async function ask(n: number, triesLeft: number): Promise<void> {
    const isAnswered = await askOnce(client, n, (status) => {
      if (status === 429) refusedAt = performance.now()
    })
    if (isAnswered) output.answered += 1
    else if (triesLeft > 0) again.push({ n, triesLeft })
    else output.lost += 1
  }

  for (let now = refilledAt; now < endsAt; now = performance.now()) {
    tokens = Math.min(tokensPerMinute, tokens + ((now - refilledAt) * tokensPerMinute) / 60_000)
    refilledAt = now
    if (tokens >= TOKENS_PER_CALL && now - refusedAt >= SILENCE_AFTER_REFUSAL_MS) {
      tokens -= TOKENS_PER_CALL
      const { n, triesLeft } = again.shift() ?? { n: next++, triesLeft: TRIES }
      void ask(n, triesLeft - 1)
    }
    await sleep(LOOK_EVERY_MS)
  }
  return output
}
