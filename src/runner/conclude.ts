/** Writes how a walk ended: every verdict, and the one row that takes the cluster out of the frontier. */
import type { Cluster } from '../../schemas/cluster.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { TaskStamp } from './asked.ts'
import type { Move } from './move.ts'
import { codesOf, signatureOf } from './name-case.ts'
import type { ShardSession } from './shard-session.ts'
import type { ShardWork } from './shard-work.ts'
import type { Walk } from './walk-lanes.ts'
import { writeVerdict } from './write-verdict.ts'

/** @returns once it is durable */
export async function conclude<Answer>(
  session: ShardSession,
  work: ShardWork<Answer>,
  cluster: Cluster,
  walk: Exclude<Walk<Answer>, { end: 'unanswered' | 'not_asked' }>,
): Promise<void> {
  await session.commits.join(() => {
    for (const move of walk.moves) writeVerdict(session, work.task, move)
    if (walk.end === 'waits_for_sweep') session.frontier.moveToSweep(cluster.clusterId)
    else if (walk.end === 'accepted') accept(session, work, cluster, walk.moves.at(-1)!)
    else setAside(session, cluster, walk.moves.at(-1)!.attemptId, walk.moves.at(-1)!.judgement.findings)
  })
  if (walk.end === 'accepted') {
    session.tally.ok += 1
    if (walk.moves.at(-1)!.judgement.verdict === 'salvaged') session.tally.salvaged += 1
  } else if (walk.end === 'exhausted') session.tally.quarantined += 1
}

/** A cluster that got no answer while others did: its transport failure is final. */
export async function giveUp<Answer>(
  session: ShardSession,
  task: TaskStamp,
  cluster: Cluster,
  walk: Extract<Walk<Answer>, { end: 'unanswered' }>,
): Promise<void> {
  const { code, message } = walk.failure
  await session.commits.join(() => {
    for (const move of walk.moves) writeVerdict(session, task, move)
    setAside(session, cluster, walk.attemptId, [{ code, at: '', message }])
  })
  session.tally.quarantined += 1
}

function accept<Answer>(
  { db, outcomes, job, profiler }: ShardSession,
  work: ShardWork<Answer>,
  cluster: Cluster,
  { attemptId, judgement, unwritten }: Move<Answer>,
): void {
  if (judgement.verdict === 'bad') return
  const { clusterId, seedFactId } = cluster
  outcomes.accept(
    { clusterId, seedFactId, outcome: 'ok', attemptId, runId: job.runId },
    {
      clusterId,
      attemptId,
      structure: judgement.answer,
      salvaged: judgement.salvaged,
      taskVersion: work.task.version,
    },
  )
  if (unwritten !== undefined) work.deriveAtOnce(db, profiler, cluster, judgement.answer)
}

function setAside(
  { outcomes, job }: ShardSession,
  { clusterId, seedFactId, domain }: Cluster,
  attemptId: number,
  findings: readonly Finding[],
): void {
  const codes = codesOf(findings)
  outcomes.setAside(
    { clusterId, seedFactId, outcome: 'quarantined', attemptId, runId: job.runId },
    { clusterId, attemptId, codes, signature: signatureOf(codes, findings, domain), findings },
  )
}
