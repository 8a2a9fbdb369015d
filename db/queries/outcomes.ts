/** How a cluster leaves the frontier: with a structure, or into quarantine. One row of `done` either way. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { ClusterOutcome } from '../../schemas/states.ts'
import type { Db } from '../open.ts'
import { prepareNamed } from '../prepare-named.ts'

export interface DoneRow {
  readonly clusterId: string
  readonly seedFactId: string
  readonly outcome: ClusterOutcome
  readonly attemptId: number | null
  readonly runId: number
}

export interface StructureRow {
  readonly clusterId: string
  readonly attemptId: number | null
  readonly structure: unknown
  readonly salvaged: readonly FailureCode[]
  readonly taskVersion: number
}

export interface QuarantineRow {
  readonly clusterId: string
  readonly attemptId: number | null
  readonly codes: readonly FailureCode[]
  readonly signature: string
  readonly findings: readonly Finding[]
}

const DONE = `
  INSERT INTO done (cluster_id, seed_fact_id, outcome, attempt_id, run_id, done_seq)
  VALUES (@clusterId, @seedFactId, @outcome, @attemptId, @runId, (SELECT coalesce(max(done_seq), 0) + 1 FROM done))`

const STRUCTURE = `
  INSERT INTO structures (cluster_id, attempt_id, structure, salvaged, task_version)
  VALUES (@clusterId, @attemptId, @structure, @salvaged, @taskVersion)
  ON CONFLICT DO UPDATE SET attempt_id = excluded.attempt_id, structure = excluded.structure,
    salvaged = excluded.salvaged, task_version = excluded.task_version, materialised_version = NULL`

const QUARANTINE = `
  INSERT INTO quarantine (cluster_id, state, attempt_id, codes, signature, findings)
  VALUES (@clusterId, 'quarantined', @attemptId, @codes, @signature, @findings)
  ON CONFLICT DO UPDATE SET state = 'quarantined', attempt_id = excluded.attempt_id, codes = excluded.codes,
    signature = excluded.signature, findings = excluded.findings`

export function outcomeQueries(db: Db) {
  const leave = db.prepare('DELETE FROM frontier WHERE cluster_id = ?')
  const done = prepareNamed<DoneRow>(db, DONE)
  const structure = prepareNamed(db, STRUCTURE)
  const quarantine = db.prepare(QUARANTINE)
  const resolve = db.prepare('DELETE FROM quarantine WHERE cluster_id = ?')
  const counts = db.prepare<
    [],
    { seeds: number; todo: number; ok: number; quarantined: number; difference: number }
  >('SELECT * FROM audit_conservation')
  const forget = db.prepare('DELETE FROM done WHERE cluster_id = ?')
  const inRun = db.prepare<[number], { n: number }>('SELECT count(*) AS n FROM done WHERE run_id = ?')
  const close = (row: DoneRow): void => {
    leave.run(row.clusterId)
    done.run(row)
  }
  return {
    accept(row: DoneRow, { structure: answer, salvaged, ...rest }: StructureRow): void {
      close(row)
      resolve.run(row.clusterId)
      structure.run({ ...rest, structure: JSON.stringify(answer), salvaged: JSON.stringify(salvaged) })
    },
    setAside(row: DoneRow, { codes, findings, ...rest }: QuarantineRow): void {
      close(row)
      quarantine.run({ ...rest, codes: JSON.stringify(codes), findings: JSON.stringify(findings) })
    },
    /** A person's structure stands for an outcome that is there; the case stays, as quarantine.ts marks it. */
    correct(row: Omit<DoneRow, 'outcome' | 'attemptId'>, answer: unknown, taskVersion: number): void {
      forget.run(row.clusterId)
      done.run({ ...row, outcome: 'ok', attemptId: null })
      structure.run({
        clusterId: row.clusterId,
        attemptId: null,
        structure: JSON.stringify(answer),
        salvaged: '[]',
        taskVersion,
      })
    },
    conservation: () => counts.get()!,
    doneInRun: (runId: number): number => inRun.get(runId)!.n,
  }
}
