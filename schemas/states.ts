/** Every state a row can be in, once. `docs/states.md` draws the moves; CHECKs in the migrations hold the same lists. */

/** A fact of the corpus. removed is kept: absence of a row would forget why. */
export const FACT_STATES = ['live', 'removed'] as const

/** What a fact is to the plan: each live fact is exactly one of these. */
export const COVERAGE_ROLES = ['seed', 'member', 'duplicate', 'unselected'] as const
export type CoverageRole = (typeof COVERAGE_ROLES)[number]

/** What a row of a cluster is: context rows are shown to the model but belong to another cluster. */
export const STANDINGS = ['seed', 'member', 'context'] as const
export type Standing = (typeof STANDINGS)[number]

/**
 * A seed in the frontier. `sweep`: primary and repair are used up and the last sweep decides who gets the
 * expensive lane.
 *
 *     todo ──▶ sweep ──▶ (done)
 *       └───────────────▶ (done)
 */
export const FRONTIER_STATES = ['todo', 'sweep'] as const

export const OUTCOMES = ['ok', 'quarantined'] as const
export type ClusterOutcome = (typeof OUTCOMES)[number]

export const LANES = ['primary', 'repair', 'expensive'] as const
export type Lane = (typeof LANES)[number]

/**
 * An attempt, which is one request.
 *
 *     sent ──▶ settled    an answer of any kind arrived and is stored: it is paid for
 *       ├────▶ failed     no answer, and the provider does not bill it
 *       └────▶ unknown    nobody knows (crash, deadline): booked at worst case until reconciled
 *                ├────▶ reconciled  the provider's list says what it billed; the answer is lost
 *                └────▶ failed      a list that covers its time does not have it: not billed
 */
export const ATTEMPT_STATES = ['sent', 'settled', 'failed', 'unknown', 'reconciled'] as const
export type AttemptState = (typeof ATTEMPT_STATES)[number]

/**
 * A batch: requests that go out as one file, at half price.
 *
 *     intended ──▶ uploaded ──▶ created ──▶ completed   all lines were tried
 *        │            │            ├──────▶ expired     the provider's time for it was over; what was done is there
 *        │            │            ├──────▶ cancelled   by a person; what was done is there
 *        └────────────┴────────────┴──────▶ failed      it was refused as a whole: nothing was done or billed
 */
export const BATCH_STATES = [
  'intended',
  'uploaded',
  'created',
  'completed',
  'expired',
  'cancelled',
  'failed',
] as const
export type BatchState = (typeof BATCH_STATES)[number]

/**
 * A case in quarantine.
 *
 *     quarantined ──▶ retried ──▶ (resolved by its new outcome, or quarantined again)
 *       ├───────────▶ accepted_missing  stays quarantined
 *       ├───────────▶ needs_review      stays quarantined
 *       └───────────▶ corrected         is ok, by a person's structure
 */
export const QUARANTINE_STATES = [
  'quarantined',
  'retried',
  'accepted_missing',
  'corrected',
  'needs_review',
] as const
export type QuarantineState = (typeof QUARANTINE_STATES)[number]

export const SHARD_STATES = ['ready', 'split', 'damaged'] as const
export const RUN_STATES = ['open', 'closed'] as const
export const PLAN_STATES = ['intake', 'expand', 'write', 'done'] as const
export const FIELD_STATES = ['building', 'blocked', 'published'] as const

/**
 * An iteration of the loop.
 *
 *     running ──▶ done
 *       ▲  └────▶ failed
 *       └───────────┘   resumed, never begun anew
 */
export const ITERATION_STATES = ['running', 'failed', 'done'] as const
export type IterationState = (typeof ITERATION_STATES)[number]

/** Whether the loop goes on. */
export const LOOP_STATES = ['ready', 'stopping', 'paused'] as const
export type LoopState = (typeof LOOP_STATES)[number]
