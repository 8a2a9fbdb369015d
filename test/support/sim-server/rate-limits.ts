/** Token buckets on the server's side, with the headers and the refusals of the real ones. */
import type { SimLimits } from './script.ts'

interface Bucket {
  readonly perMinute: number
  readonly capacity: number
  level: number
  at: number
}

export interface Admission {
  readonly headers: Record<string, string>
  /** Set where the request is refused. */
  readonly refusal?: { readonly message: string; readonly retryAfterMs: number; readonly neverFits: boolean }
}

export class RateLimits {
  readonly #requests: Bucket | null
  readonly #tokens: Bucket | null
  readonly #style: NonNullable<SimLimits['headers']>

  constructor(limits: SimLimits, now: number) {
    const share = (limits.burstSeconds ?? 60) / 60
    const bucket = (perMinute: number | undefined): Bucket | null =>
      perMinute === undefined
        ? null
        : {
            perMinute,
            capacity: Math.max(1, perMinute * share),
            level: Math.max(1, perMinute * share),
            at: now,
          }
    this.#requests = bucket(limits.requestsPerMinute)
    this.#tokens = bucket(limits.tokensPerMinute)
    this.#style = limits.headers ?? 'documented'
  }

  /** Charges an estimate before the call, as the real ones do; a refused request counts as a request. */
  admit(tokens: number, now: number): Admission {
    for (const bucket of [this.#requests, this.#tokens]) if (bucket !== null) refill(bucket, now)
    const shortBy = this.#shortage(tokens)
    if (this.#requests !== null) this.#requests.level = Math.max(0, this.#requests.level - 1)
    if (shortBy === null && this.#tokens !== null) this.#tokens.level -= tokens
    const headers = this.#headers()
    if (shortBy === null) return { headers }
    const { bucket, need, unit } = shortBy
    const neverFits = need > bucket.capacity
    const retryAfterMs = Math.ceil(((need - bucket.level) / bucket.perMinute) * 60_000)
    const used = Math.round(bucket.capacity - bucket.level)
    const message = neverFits
      ? `Request too large for sim on ${unit}: Limit ${bucket.perMinute}, Requested ${need}.`
      : `Rate limit reached for sim on ${unit}: Limit ${bucket.perMinute}, Used ${used}, Requested ${need}. Please try again in ${goDuration(retryAfterMs)}.`
    return { headers, refusal: { message, retryAfterMs, neverFits } }
  }

  #shortage(tokens: number): { bucket: Bucket; need: number; unit: string } | null {
    if (this.#requests !== null && this.#requests.level < 1)
      return { bucket: this.#requests, need: 1, unit: 'requests per min (RPM)' }
    if (this.#tokens !== null && this.#tokens.level < tokens)
      return { bucket: this.#tokens, need: tokens, unit: 'tokens per min (TPM)' }
    return null
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = {}
    if (this.#style === 'absent') return headers
    for (const [unit, bucket] of [
      ['requests', this.#requests],
      ['tokens', this.#tokens],
    ] as const) {
      if (bucket === null) continue
      const fullInMs = ((bucket.capacity - bucket.level) / bucket.perMinute) * 60_000
      headers[`x-ratelimit-limit-${unit}`] = this.#number(bucket.perMinute)
      headers[`x-ratelimit-remaining-${unit}`] = this.#number(Math.max(0, Math.floor(bucket.level)))
      headers[`x-ratelimit-reset-${unit}`] = goDuration(fullInMs)
    }
    return headers
  }

  #number(value: number): string {
    return this.#style === 'commas' ? String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',') : String(value)
  }
}

function refill(bucket: Bucket, now: number): void {
  bucket.level = Math.min(bucket.capacity, bucket.level + ((now - bucket.at) / 60_000) * bucket.perMinute)
  bucket.at = now
}

/** `120ms`, `1.5s`, `6m0s`: how Go prints a duration, and so how the headers do. */
export function goDuration(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`
  const minutes = Math.floor(ms / 60_000)
  const seconds = Math.round(ms - minutes * 60_000) / 1_000
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`
}
