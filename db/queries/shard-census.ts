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

const CENSUS = `
  SELECT c.seeds, c.todo, (SELECT count(*) FROM frontier WHERE state = 'sweep') AS sweep, c.ok, c.quarantined,
    c.difference,
    (SELECT count(*) FROM attempts WHERE state = 'sent') AS openAttempts,
    (SELECT count(*) FROM answers) AS answers,
    (SELECT coalesce(sum(micro_usd), 0) FROM audit_spend) AS microUsd,
    (SELECT count(*) FROM structures WHERE materialised_version IS NULL) AS unmaterialised
  FROM audit_conservation c`

export const shardCensus = (db: Db): ShardCensus => db.prepare<[], ShardCensus>(CENSUS).get()!
