/**
 * What is known about one limit: 64-bit words that all threads of all processes work on, one at a time.
 *
 * Who holds the lock reads them, steps, and writes them back, so that no step needs to be atomic by itself. Times are
 * those of the machine's monotonic clock, in nanoseconds.
 */

/** Words of a bucket, from its base on. */
export const BUCKET = {
  /** Units per minute; 0 where no limit is known. */
  perMinute: 0,
  /** How long the bucket takes to fill: its size, told as time. */
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
const BEHIND_BUCKETS = 3 * WORDS_PER_BUCKET

export const WORDS = {
  requests: 0,
  tokens: WORDS_PER_BUCKET,
  projectTokens: 2 * WORDS_PER_BUCKET,
  /** Nobody may go before this. */
  pausedUntilNs: BEHIND_BUCKETS,
  /** True prompt tokens to guessed ones, in millionths. */
  promptRatioPpm: BEHIND_BUCKETS + 1,
  /** When the first request was granted; 0: none yet. */
  startedAtNs: BEHIND_BUCKETS + 2,
  /** 1 from the first reply on. */
  hasReply: BEHIND_BUCKETS + 3,
  /** When all places of the first calls would be free again. */
  firstCallsFullAtNs: BEHIND_BUCKETS + 4,
  /** Failures of the server, or of the way to it, since the last sign of life. */
  failuresInARow: BEHIND_BUCKETS + 5,
  /** When the next probe may go, while nobody else may; 0: all may go. */
  probeAtNs: BEHIND_BUCKETS + 6,
  /** Probes that failed one after the other. */
  failedProbes: BEHIND_BUCKETS + 7,
  /** The settings: failures in a row that open the circuit, and for how long. */
  circuitFailures: BEHIND_BUCKETS + 8,
  circuitOpenNs: BEHIND_BUCKETS + 9,
  /** The settings: the limits that they tell, 0 where they leave it to the server. */
  knownRequestsPerMinute: BEHIND_BUCKETS + 10,
  knownTokensPerMinute: BEHIND_BUCKETS + 11,
  /** When somebody worked on them last. */
  usedAtNs: BEHIND_BUCKETS + 12,
  /** How long after their grant requests leave, at the longest of late. */
  leavesAfterNs: BEHIND_BUCKETS + 13,
} as const

export const WORD_COUNT = WORDS.leavesAfterNs + 1

export interface KnownLimits {
  /** What the settings say; null leaves it to the server's headers. */
  readonly requestsPerMinute: number | null
  readonly tokensPerMinute: number | null
  readonly circuit?: {
    /** Failures in a row after which the server is left alone. */
    readonly failures: number
    readonly openMs: number
  }
}

const SECOND_NS = 1_000_000_000n
const NS_PER_MS = 1_000_000n
/** Without settings nothing opens the circuit. */
const NEVER = { failures: Number.MAX_SAFE_INTEGER, openMs: 0 }
const ONE_PPM = 1_000_000n
/** What was seen longer ago says little about now. */
const KEPT_FOR_NS = 60n * SECOND_NS

/**
 * For a process that begins to work under a limit: what others under it know just now, or else what the settings say.
 *
 * Whether the server is there everybody finds out anew.
 *
 * @param before null where nobody has been there yet
 */
export function wordsToBeginWith(
  before: BigInt64Array | null,
  known: KnownLimits,
  nowNs: bigint,
): BigInt64Array {
  const fresh = freshWords(known)
  if (before === null || !isOfNow(before, fresh, nowNs)) return fresh
  const words = before.slice()
  for (const word of [
    WORDS.pausedUntilNs,
    WORDS.failuresInARow,
    WORDS.probeAtNs,
    WORDS.failedProbes,
    WORDS.circuitFailures,
    WORDS.circuitOpenNs,
  ])
    words[word] = fresh[word]!
  return words
}

/** Times ahead are from before the machine was started last. */
function isOfNow(before: BigInt64Array, fresh: BigInt64Array, nowNs: bigint): boolean {
  const agoNs = nowNs - (before[WORDS.usedAtNs] ?? 0n)
  const settings = [WORDS.knownRequestsPerMinute, WORDS.knownTokensPerMinute]
  return (
    before.length === WORD_COUNT &&
    agoNs >= 0n &&
    agoNs <= KEPT_FOR_NS &&
    settings.every((word) => before[word] === fresh[word])
  )
}

function freshWords({ requestsPerMinute, tokensPerMinute, circuit = NEVER }: KnownLimits): BigInt64Array {
  const words = new BigInt64Array(WORD_COUNT)
  for (const base of [WORDS.requests, WORDS.tokens, WORDS.projectTokens]) {
    // A bucket that starts full overruns a server that enforces its limit over a short window.
    words[base + BUCKET.windowNs] = SECOND_NS
    words[base + BUCKET.slowedToPpm] = ONE_PPM
  }
  words[WORDS.requests + BUCKET.perMinute] = BigInt(requestsPerMinute ?? 0)
  words[WORDS.tokens + BUCKET.perMinute] = BigInt(tokensPerMinute ?? 0)
  words[WORDS.knownRequestsPerMinute] = BigInt(requestsPerMinute ?? 0)
  words[WORDS.knownTokensPerMinute] = BigInt(tokensPerMinute ?? 0)
  words[WORDS.promptRatioPpm] = ONE_PPM
  words[WORDS.circuitFailures] = BigInt(circuit.failures)
  words[WORDS.circuitOpenNs] = BigInt(circuit.openMs) * NS_PER_MS
  return words
}
