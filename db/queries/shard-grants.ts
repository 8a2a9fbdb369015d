/** The shard's side of the budget: grants it holds, and what its attempts have booked against them. */
import { type Cost, type Grant, minus, NO_COST } from '../../schemas/budget.ts'
import type { Db } from '../open.ts'

export function shardGrantQueries(db: Db) {
  const take = db.prepare(
    `INSERT INTO grants (grant_id, run_id, micro_usd, tokens, calls, state)
     VALUES (@grantId, @runId, @microUsd, @tokens, @calls, 'open') ON CONFLICT DO NOTHING`,
  )
  const held = db.prepare<[number], Grant & { state: 'open' | 'returned' }>(
    `SELECT grant_id AS grantId, micro_usd AS microUsd, tokens, calls, state FROM grants WHERE run_id = ? ORDER BY grant_id`,
  )
  const booked = db.prepare<[number], Cost>(
    `SELECT booked_micro_usd AS microUsd, booked_tokens AS tokens, booked_calls AS calls FROM audit_grants WHERE run_id = ?`,
  )
  const runIds = db
    .prepare('SELECT run_id FROM attempts UNION SELECT run_id FROM grants ORDER BY run_id')
    .pluck()
  const close = db.prepare(
    "UPDATE grants SET micro_usd = @microUsd, tokens = @tokens, calls = @calls, state = 'returned' WHERE grant_id = @grantId",
  )

  /** Lays what was used on the grants in their order. @returns them with what each keeps */
  function cut(grants: readonly Grant[], usedOfAll: Cost): Grant[] {
    let used = usedOfAll
    return grants.map((grant) => {
      const portion = (kind: keyof Cost): number => Math.max(0, Math.min(grant[kind], used[kind]))
      const kept: Cost = { microUsd: portion('microUsd'), tokens: portion('tokens'), calls: portion('calls') }
      used = minus(used, kept)
      close.run({ grantId: grant.grantId, ...kept })
      return { grantId: grant.grantId, ...kept }
    })
  }

  return {
    take: (runId: number, grant: Grant): void => void take.run({ runId, ...grant }),
    held: (runId: number) => held.all(runId),
    booked: (runId: number): Cost => booked.get(runId) ?? NO_COST,
    /** Runs whose attempts or grants this shard has, ascending. */
    runIds: (): number[] => runIds.all() as number[],
    /**
     * Cuts the open grants down to what was booked.
     *
     * @returns all grants of the run as they are now; control credits absolute amounts, so one that it has heard of
     *   before, or missed in a crash, is right either way
     */
    giveBack(runId: number): Grant[] {
      const rows = held.all(runId)
      const returned = rows.filter(({ state }) => state === 'returned').map(amountOf)
      const used = returned.reduce<Cost>(minus, booked.get(runId) ?? NO_COST)
      return [...returned, ...cut(rows.filter(({ state }) => state === 'open').map(amountOf), used)]
    },
    /**
     * Cuts all grants down to what is booked, also those that were returned: where unknown attempts were settled below
     * their worst case, less was used of them than was thought.
     *
     * @returns as giveBack does
     */
    cutToBooked: (runId: number): Grant[] => cut(held.all(runId).map(amountOf), booked.get(runId) ?? NO_COST),
  }
}

const amountOf = ({ grantId, microUsd, tokens, calls }: Grant): Grant => ({
  grantId,
  microUsd,
  tokens,
  calls,
})
