/**
 * How long an answer may be: the setting, until enough good answers tell what a lane's model needs.
 *
 * A reservation at the setting would starve a run: a budget would be full of worst cases that nobody comes near.
 */
import type { Db } from '../../db/open.ts'
import { type GoodAnswer, goodAnswerQueries } from '../../db/queries/good-answers.ts'
import type { Lane } from '../../schemas/states.ts'
import type { LaneSettings } from './lane-settings.ts'

export interface AnswerLimits {
  /** @returns tokens, at most the setting */
  of(lane: Lane, settings: Pick<LaneSettings, 'provider' | 'model' | 'answerLimitTokens'>): number
  /** Looks at the answers again. */
  follow(): void
}

/** Fewer say nothing about the hundredth. */
const LEAST_ANSWERS = 50
const LEAST_LIMIT_TOKENS = 64
/** Read twice a second: 4,000 took a fifth of the processor time in bench/trials/engine.ts. */
const ATTEMPTS_LOOKED_BACK = 1_000

export function answerLimits(db: Db): AnswerLimits {
  const answers = goodAnswerQueries(db)
  let observed = new Map<string, number>()
  return {
    of: (lane, { provider, model, answerLimitTokens }) =>
      Math.min(answerLimitTokens, observed.get(keyOf(lane, provider.name, model)) ?? answerLimitTokens),
    follow() {
      observed = limitsFrom(answers.recent(ATTEMPTS_LOOKED_BACK))
    },
  }
}

/**
 * 1.5 × the 99th percentile, by lane and model.
 *
 * @param answers ascending by length
 */
export function limitsFrom(answers: readonly GoodAnswer[]): Map<string, number> {
  const lengths = new Map<string, number[]>()
  for (const { lane, provider, model, answerTokens } of answers) {
    const key = keyOf(lane, provider, model)
    const known = lengths.get(key)
    if (known === undefined) lengths.set(key, [answerTokens])
    else known.push(answerTokens)
  }
  const limits = new Map<string, number>()
  for (const [key, sorted] of lengths) {
    if (sorted.length < LEAST_ANSWERS) continue
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1]!
    limits.set(key, Math.max(LEAST_LIMIT_TOKENS, Math.ceil(p99 * 1.5)))
  }
  return limits
}

const keyOf = (lane: Lane, provider: string, model: string): string => [lane, provider, model].join('\0')
