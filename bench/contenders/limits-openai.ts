/** The `openai` package with its own retries, so many calls at once. */
import {
  askOnce,
  inWorkers,
  type LimitsInput,
  type LimitsOutput,
  openaiClient,
} from '../support/limits-load.ts'

const FIXED_CONCURRENCY = 64

export function contend({ seconds, waiting, ...place }: LimitsInput): Promise<LimitsOutput> {
  const client = openaiClient(place)
  return inWorkers(Math.min(waiting, FIXED_CONCURRENCY), seconds, (n) => askOnce(client, n))
}
