/** What answers have cost so far: their lengths by lane and model, and how often a second or third one was needed. */
import type { Lane } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

export interface AnswerLengths {
  readonly lane: Lane
  readonly provider: string
  readonly model: string
  readonly answerTokens: number
  /** Answers of this length, and what their prompts took together. */
  readonly answers: number
  readonly promptTokens: number
  readonly cachedTokens: number
}

export interface MovesMade {
  readonly provider: string
  readonly model: string
  /** Clusters with a first answer of this model; those of them that were repaired; that got the expensive lane. */
  readonly clusters: number
  readonly repaired: number
  readonly expensive: number
}

/** Everything that was billed counts, good or bad. One row a length, so memory does not grow with the answers. */
const LENGTHS = `
  SELECT lane, provider, model, answer_tokens AS answerTokens, count(*) AS answers,
    sum(prompt_tokens) AS promptTokens, sum(cached_tokens) AS cachedTokens
  FROM attempts
  WHERE state = 'settled' AND reused_attempt_id IS NULL AND provider <> 'rules'
  GROUP BY lane, provider, model, answer_tokens
  ORDER BY lane, provider, model, answer_tokens`

const MOVES = `
  SELECT p.provider, p.model, count(*) AS clusters,
    sum(EXISTS (SELECT 1 FROM attempts r WHERE r.cluster_id = p.cluster_id AND r.lane = 'repair' AND r.state = 'settled')) AS repaired,
    sum(EXISTS (SELECT 1 FROM attempts e WHERE e.cluster_id = p.cluster_id AND e.lane = 'expensive' AND e.state = 'settled')) AS expensive
  FROM (
    SELECT DISTINCT provider, model, cluster_id FROM attempts
    WHERE lane = 'primary' AND state = 'settled' AND provider <> 'rules'
  ) p
  GROUP BY p.provider, p.model ORDER BY p.provider, p.model`

const BILLED_PROMPTS = `
  SELECT a.cluster_id AS clusterId, a.prompt_tokens AS promptTokens
  FROM attempts a JOIN clusters c USING (cluster_id)
  WHERE a.lane = 'primary' AND a.state = 'settled' AND a.reused_attempt_id IS NULL
    AND a.provider = @provider AND a.model = @model AND a.prompt_digest = @promptDigest
  ORDER BY a.attempt_id DESC LIMIT @limit`

export function answerHistoryQueries(db: Db) {
  const lengths = db.prepare<[], AnswerLengths>(LENGTHS)
  const moves = db.prepare<[], MovesMade>(MOVES)
  const billed = db.prepare<object, { clusterId: string; promptTokens: number }>(BILLED_PROMPTS)
  return {
    lengths: (): AnswerLengths[] => lengths.all(),
    moves: (): MovesMade[] => moves.all(),
    /** What the provider counted for the last first questions with this prompt. */
    billedPrompts: (asked: { provider: string; model: string; promptDigest: string }, limit: number) =>
      billed.all({ ...asked, limit }),
  }
}
