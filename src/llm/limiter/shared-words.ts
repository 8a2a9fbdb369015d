/**
 * The memory that all threads of a process share about one limit: 64-bit words, each changed by one atomic step, so
 * a thread that dies at any point leaves nothing locked.
 */

/** Words of a bucket, from its base on. */
export const BUCKET = {
  /** Units per minute; 0 where no limit is known. */
  perMinute: 0,
  /** How long the bucket takes to fill, in nanoseconds: its size, told as time. */
  windowNs: 1,
  /** When the bucket would be full if nothing more were taken: its level, told as time. */
  fullAtNs: 2,
  /** All that was ever taken from it. */
  taken: 3,
  /** When the request was sent whose answer corrected the bucket last. */
  correctedBySentAtNs: 4,
  /** The share of the rate that is used since a refusal without headers, in millionths, and when that was. */
  slowedToPpm: 5,
  slowedAtNs: 6,
  /** 1 where the rate was learned from refusals alone: then it grows for as long as none comes. */
  isLearned: 7,
} as const

const WORDS_PER_BUCKET = 8

export const WORDS = {
  requests: 0,
  tokens: WORDS_PER_BUCKET,
  projectTokens: 2 * WORDS_PER_BUCKET,
  inFlight: 3 * WORDS_PER_BUCKET,
  /** How many requests may be in flight, in thousandths. */
  mostInFlightMilli: 3 * WORDS_PER_BUCKET + 1,
  /** The ceiling of the settings. */
  ceilingInFlight: 3 * WORDS_PER_BUCKET + 2,
  /** When concurrency was cut last; 0: never. */
  cutAtNs: 3 * WORDS_PER_BUCKET + 3,
  /** 1 from the first reply on. */
  hasReply: 3 * WORDS_PER_BUCKET + 4,
  /** Nobody may go before this. */
  pausedUntilNs: 3 * WORDS_PER_BUCKET + 5,
  /** True prompt tokens to guessed ones, in millionths. */
  promptRatioPpm: 3 * WORDS_PER_BUCKET + 6,
  /** The share of the limits that this process may use, in millionths. */
  sharePpm: 3 * WORDS_PER_BUCKET + 7,
  /** When the first request was granted; 0: none yet. */
  startedAtNs: 3 * WORDS_PER_BUCKET + 8,
  /** Failures of the server, or of the way to it, since the last sign of life. */
  failuresInARow: 3 * WORDS_PER_BUCKET + 9,
  /** When the next probe may go, while nobody else may; 0: all may go. */
  probeAtNs: 3 * WORDS_PER_BUCKET + 10,
  /** Probes that failed one after the other. */
  failedProbes: 3 * WORDS_PER_BUCKET + 11,
  /** The settings: failures in a row that open the circuit, and for how long. */
  circuitFailures: 3 * WORDS_PER_BUCKET + 12,
  circuitOpenNs: 3 * WORDS_PER_BUCKET + 13,
} as const

const WORD_COUNT = WORDS.circuitOpenNs + 1

export interface KnownLimits {
  /** What the settings say; null leaves it to the server's headers. */
  readonly requestsPerMinute: number | null
  readonly tokensPerMinute: number | null
  /** The most requests in flight over all threads. */
  readonly mostInFlight: number
  readonly circuit?: {
    /** Failures in a row after which the server is left alone. */
    readonly failures: number
    readonly openMs: number
  }
}

export const FIRST_IN_FLIGHT = 20
const SECOND_NS = 1_000_000_000n
const NS_PER_MS = 1_000_000n
/** Without settings nothing opens the circuit. */
const NEVER = { failures: Number.MAX_SAFE_INTEGER, openMs: 0 }
const ONE_PPM = 1_000_000n

/** Makes the memory for one (provider, model, key); every thread opens the same one. */
export function limitMemory({
  requestsPerMinute,
  tokensPerMinute,
  mostInFlight,
  circuit = NEVER,
}: KnownLimits): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(WORD_COUNT * BigInt64Array.BYTES_PER_ELEMENT)
  const words = new BigInt64Array(memory)
  for (const [base, perMinute] of [
    [WORDS.requests, requestsPerMinute],
    [WORDS.tokens, tokensPerMinute],
  ] as const) {
    words[base + BUCKET.perMinute] = BigInt(perMinute ?? 0)
  }
  for (const base of [WORDS.requests, WORDS.tokens, WORDS.projectTokens]) {
    // A bucket that starts full overruns a server that enforces its limit over a short window.
    words[base + BUCKET.windowNs] = SECOND_NS
    words[base + BUCKET.slowedToPpm] = ONE_PPM
  }
  words[WORDS.mostInFlightMilli] = BigInt(Math.min(FIRST_IN_FLIGHT, mostInFlight) * 1_000)
  words[WORDS.ceilingInFlight] = BigInt(mostInFlight)
  words[WORDS.promptRatioPpm] = ONE_PPM
  words[WORDS.sharePpm] = ONE_PPM
  words[WORDS.circuitFailures] = BigInt(circuit.failures)
  words[WORDS.circuitOpenNs] = BigInt(circuit.openMs) * NS_PER_MS
  return memory
}
