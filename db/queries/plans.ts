/** The plans of a workspace: the same plan again goes on where it stopped. */
import type { Db } from '../open.ts'

export interface PlanRow {
  readonly planNo: number
  readonly digest: string
  readonly state: 'intake' | 'expand' | 'write' | 'done'
  readonly settings: string
  readonly summary: string | null
}

export function planQueries(db: Db) {
  const columns = 'plan_no AS planNo, digest, state, settings, summary'
  const last = db.prepare<[], PlanRow>(`SELECT ${columns} FROM plans ORDER BY plan_no DESC LIMIT 1`)
  const lastDone = db.prepare<[], PlanRow>(
    `SELECT ${columns} FROM plans WHERE state = 'done' ORDER BY plan_no DESC LIMIT 1`,
  )
  const begin = db.prepare<object, { planNo: number }>(
    `INSERT INTO plans (digest, state, settings, created_at_ms) VALUES (@digest, 'intake', @settings, @nowMs)
     RETURNING plan_no AS planNo`,
  )
  const advance = db.prepare(
    'UPDATE plans SET state = @state, summary = coalesce(@summary, summary) WHERE plan_no = @planNo',
  )
  const drop = db.prepare("DELETE FROM plans WHERE plan_no = ? AND state <> 'done'")
  const lineage = db.prepare<[], { value: string }>("SELECT value FROM meta WHERE key = 'lineage'")
  const setLineage = db.prepare("INSERT INTO meta (key, value) VALUES ('lineage', ?) ON CONFLICT DO NOTHING")
  return {
    last: () => last.get(),
    lastDone: () => lastDone.get(),
    begin: (row: { digest: string; settings: string; nowMs: number }): number => begin.get(row)!.planNo,
    advance: (planNo: number, state: PlanRow['state'], summary: string | null): void =>
      void advance.run({ planNo, state, summary }),
    drop: (planNo: number): void => void drop.run(planNo),
    /** Names this workspace's plans and shard files as belonging together; made once. */
    lineage(make: () => string): string {
      setLineage.run(make())
      return lineage.get()!.value
    },
    knownLineage: (): string | undefined => lineage.get()?.value,
  }
}
