/** The control file's side of the budget: what was handed out of a run's cap. Σ grants ≤ cap at every moment. */
import { type Caps, type Cost, fits, type Grant } from '../../schemas/budget.ts'
import type { Db } from '../open.ts'

/** A shard gets at least this share of a cap at once, so that it does not ask for every call. */
const SHARE_OF_CAP = 100

export function controlGrantQueries(db: Db) {
  const caps = db.prepare<[number], Caps>(
    'SELECT cap_micro_usd AS microUsd, cap_tokens AS tokens, cap_calls AS calls FROM runs WHERE run_id = ?',
  )
  const total = db.prepare<[number], Cost>(
    `SELECT coalesce(sum(micro_usd), 0) AS microUsd, coalesce(sum(tokens), 0) AS tokens, coalesce(sum(calls), 0) AS calls
     FROM grants WHERE run_id = ?`,
  )
  const insert = db.prepare<object, { grantId: number }>(
    `INSERT INTO grants (run_id, shard_no, micro_usd, tokens, calls, state)
     VALUES (@runId, @shardNo, @microUsd, @tokens, @calls, 'open') RETURNING grant_id AS grantId`,
  )
  const open = db.prepare<object, Grant>(
    `SELECT grant_id AS grantId, micro_usd AS microUsd, tokens, calls FROM grants
     WHERE run_id = @runId AND shard_no = @shardNo AND state = 'open' ORDER BY grant_id`,
  )
  const credit = db.prepare(
    `UPDATE grants SET micro_usd = @microUsd, tokens = @tokens, calls = @calls, state = 'returned' WHERE grant_id = @grantId`,
  )
  const clear = db.prepare('DELETE FROM grants WHERE run_id = @runId AND shard_no = @shardNo')
  const setCaps = db.prepare(
    `UPDATE runs SET cap_micro_usd = @microUsd, cap_tokens = @tokens, cap_calls = @calls,
       most_micro_usd = max(@microUsd, coalesce(most_micro_usd, 0)), most_tokens = max(@tokens, coalesce(most_tokens, 0)),
       most_calls = max(@calls, coalesce(most_calls, 0))
     WHERE run_id = @runId`,
  )

  const issue = db.transaction((runId: number, shardNo: number, need: Cost): Grant | null => {
    const cap = caps.get(runId)!
    const given = total.get(runId)!
    const free: Cost = {
      microUsd: (cap.microUsd ?? 0) - given.microUsd,
      tokens: (cap.tokens ?? 0) - given.tokens,
      calls: (cap.calls ?? 0) - given.calls,
    }
    if (!fits(need, free, cap)) return null
    const portion = (kind: keyof Cost): number => {
      const limit = cap[kind]
      return limit === null ? 0 : Math.min(free[kind], Math.max(need[kind], Math.ceil(limit / SHARE_OF_CAP)))
    }
    const amount: Cost = { microUsd: portion('microUsd'), tokens: portion('tokens'), calls: portion('calls') }
    return { ...amount, grantId: insert.get({ runId, shardNo, ...amount })!.grantId }
  })

  return {
    caps: (runId: number): Caps => caps.get(runId)!,
    setCaps: (runId: number, cap: Caps): void => void setCaps.run({ runId, ...cap }),
    granted: (runId: number): Cost => total.get(runId)!,
    /** @returns null where less than `need` is left of the cap */
    issue: (runId: number, shardNo: number, need: Cost): Grant | null =>
      issue.immediate(runId, shardNo, need),
    /** A shard was split: what it had booked is its children's now. Σ grants stays what it was. */
    handOver(runId: number, parentNo: number, children: readonly { shardNo: number; booked: Cost }[]): void {
      const cap = caps.get(runId)!
      clear.run({ runId, shardNo: parentNo })
      for (const { shardNo, booked } of children) {
        const held = (kind: keyof Cost): number => (cap[kind] === null ? 0 : booked[kind])
        const cost: Cost = { microUsd: held('microUsd'), tokens: held('tokens'), calls: held('calls') }
        insert.get({ runId, shardNo, ...cost })
      }
    },
    outstanding: (runId: number, shardNo: number): Grant[] => open.all({ runId, shardNo }),
    /** Absolute amounts, so that the same return twice is one. */
    credit: db.transaction((used: readonly Grant[]): void => {
      for (const grant of used) credit.run(grant)
    }).immediate,
  }
}
