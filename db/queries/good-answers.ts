/** How long the answers were that a lane's model gave and that were good, lately. */
import type { Lane } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

export interface GoodAnswer {
  readonly lane: Lane
  readonly provider: string
  readonly model: string
  readonly answerTokens: number
}

/** The last attempts only: a scan from the end of the table costs the same however long a run has been. */
const RECENT = `
  SELECT lane, provider, model, answer_tokens AS answerTokens
  FROM (SELECT * FROM attempts ORDER BY attempt_id DESC LIMIT @lookBack)
  WHERE state = 'settled' AND reused_attempt_id IS NULL AND verdict IN ('ok', 'salvaged') AND provider <> 'rules'
  ORDER BY answer_tokens`

export function goodAnswerQueries(db: Db) {
  const recent = db.prepare<object, GoodAnswer>(RECENT)
  return {
    /** Shortest first. */
    recent: (lookBack: number): GoodAnswer[] => recent.all({ lookBack }),
  }
}
