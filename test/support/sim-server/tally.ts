/** What a simulated server has counted. */
import type { Completion } from './completion.ts'
import type { SimStats } from './script.ts'

export class Tally {
  readonly #seen = new Map<string, number>()
  readonly #byStatus: Record<string, number> = {}
  readonly #byFault: Record<string, number> = {}
  #requests = 0
  #batchLines = 0
  #billed = 0
  #billedPromptTokens = 0
  #billedAnswerTokens = 0
  readonly #texts = new Set<string>()
  #embeddingRequests = 0
  #billedTexts = 0
  #textsBilledAgain = 0
  #repeated = 0
  #billedAgain = 0
  #chargedTokens = 0
  #overLimit = 0
  #held = 0
  #inFlight = 0
  #mostInFlight = 0

  /** @returns the number of the request, from 1 */
  arrived(bodyDigest: string): number {
    this.#see(bodyDigest)
    this.#inFlight += 1
    this.#mostInFlight = Math.max(this.#mostInFlight, this.#inFlight)
    this.#requests += 1
    return this.#requests
  }

  /** The request has been counted among all. */
  arrivedForVectors(): void {
    this.#embeddingRequests += 1
  }

  /** @param space what else decides the vectors: the model and their length */
  billTexts(space: string, texts: readonly string[]): void {
    for (const text of texts) {
      const name = `${space}\0${text}`
      if (this.#texts.has(name)) this.#textsBilledAgain += 1
      this.#texts.add(name)
      this.#billedTexts += 1
    }
  }

  /** @returns the number of the line over all batches, from 1 */
  arrivedInBatch(bodyDigest: string): number {
    this.#see(bodyDigest)
    this.#batchLines += 1
    return this.#batchLines
  }

  left(): void {
    this.#inFlight -= 1
  }

  bill(bodyDigest: string, completion: Pick<Completion, 'promptTokens' | 'answerTokens'>): void {
    const before = this.#seen.get(bodyDigest) ?? 0
    if (before > 0) this.#billedAgain += 1
    this.#seen.set(bodyDigest, before + 1)
    this.#billed += 1
    this.#billedPromptTokens += completion.promptTokens
    this.#billedAnswerTokens += completion.answerTokens
  }

  charge(tokens: number): void {
    this.#chargedTokens += tokens
  }

  hold(): void {
    this.#held += 1
  }

  refuse(): void {
    this.#overLimit += 1
  }

  sent(status: number | 'broken', fault: string): void {
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1
    if (fault !== 'none') this.#byFault[fault] = (this.#byFault[fault] ?? 0) + 1
  }

  #see(bodyDigest: string): void {
    if (this.#seen.has(bodyDigest)) this.#repeated += 1
    else this.#seen.set(bodyDigest, 0)
  }

  stats(): SimStats {
    return {
      requests: this.#requests,
      batchLines: this.#batchLines,
      billed: this.#billed,
      billedPromptTokens: this.#billedPromptTokens,
      billedAnswerTokens: this.#billedAnswerTokens,
      repeated: this.#repeated,
      billedAgain: this.#billedAgain,
      embeddingRequests: this.#embeddingRequests,
      billedTexts: this.#billedTexts,
      textsBilledAgain: this.#textsBilledAgain,
      chargedTokens: this.#chargedTokens,
      held: this.#held,
      overLimit: this.#overLimit,
      inFlight: this.#inFlight,
      mostInFlight: this.#mostInFlight,
      byStatus: { ...this.#byStatus },
      byFault: { ...this.#byFault },
    }
  }
}
