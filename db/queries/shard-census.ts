/** One shard in numbers, as `rff-shard status` shows it. */
import type { Db } from '../open.ts'

export interface ShardCensus {
  readonly seeds: number
  /** In the frontier, the sweep included. */
  readonly todo: number
  /** Of `todo`: primary and repair are used up. */
  readonly sweep: number
  readonly ok: number
  readonly quarantined: number
  /** seeds - todo - ok - quarantined: anything but 0 is a fault. */
  readonly difference: number
  /** Requests whose end is not in the books. */
  readonly openAttempts: number
  readonly answers: number
  /** What nobody has settled counts at its worst case. */
  readonly microUsd: number
  /** Structures whose deltas are not written yet. */
  readonly unmaterialised: number
}

// Each table once: the views count some of them several times, and group what is only summed here.
const CENSUS = `
  WITH
    c AS (SELECT count(*) AS seeds FROM clusters),
    f AS (SELECT count(*) AS todo, count(*) FILTER (WHERE state = 'sweep') AS sweep FROM frontier),
    d AS (
      SELECT count(*) AS done, count(*) FILTER (WHERE outcome = 'ok') AS ok,
        count(*) FILTER (WHERE outcome = 'quarantined') AS quarantined
      FROM done
    ),
    a AS (
      SELECT count(*) FILTER (WHERE state = 'sent') AS openAttempts,
        -- As many as the table answers has rows; but those are long.
        count(*) FILTER (WHERE state = 'settled' AND reused_attempt_id IS NULL) AS answers,
        coalesce(sum(CASE WHEN state = 'sent' OR state = 'unknown' THEN reserved_micro_usd ELSE micro_usd END), 0) AS microUsd
      FROM attempts
    )
  SELECT seeds, todo, sweep, ok, quarantined, seeds - todo - done AS difference, openAttempts, answers, microUsd,
    (SELECT count(*) FROM structures WHERE materialised_version IS NULL) AS unmaterialised
  FROM c, f, d, a`

/** By counting. shardCensus (kept-balance.ts) need not count where nobody has written since somebody did. */
export const countCensus = (db: Db): ShardCensus => db.prepare<[], ShardCensus>(CENSUS).get()!
