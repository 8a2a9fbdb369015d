/** Writes how a walk ended: every verdict, and the one row that takes the cluster out of the frontier. */
import type { Cluster } from '../../schemas/cluster.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { TaskStamp } from './asked.ts'
import { codesOf, signatureOf } from './name-case.ts'
import type { ShardSession } from './shard-session.ts'
import type { Move, Walk } from './walk-lanes.ts'

/** @returns once it is durable */
export async function conclude<Answer>(
  session: ShardSession,
  task: TaskStamp,
  cluster: Cluster,
  walk: Exclude<Walk<Answer>, { end: 'unanswered' | 'not_asked' }>,
): Promise<void> {
  await session.commits.join(() => {
    writeVerdicts(session, task, walk.moves)
    if (walk.end === 'waits_for_sweep') session.frontier.moveToSweep(cluster.clusterId)
    else if (walk.end === 'accepted') accept(session, task, cluster, walk.moves.at(-1)!)
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
    writeVerdicts(session, task, walk.moves)
    setAside(session, cluster, walk.attemptId, [{ code, at: '', message }])
  })
  session.tally.quarantined += 1
}

function writeVerdicts<Answer>(
  { attempts }: ShardSession,
  task: TaskStamp,
  moves: readonly Move<Answer>[],
): void {
  for (const { attemptId, judgement } of moves) {
    attempts.judged(attemptId, judgement.verdict, codesOf(judgement.findings), task.version)
  }
}

function accept<Answer>(
  { outcomes, job }: ShardSession,
  task: TaskStamp,
  { clusterId, seedFactId }: Cluster,
  { attemptId, judgement }: Move<Answer>,
): void {
  if (judgement.verdict === 'bad') return
  outcomes.accept(
    { clusterId, seedFactId, outcome: 'ok', attemptId, runId: job.runId },
    {
      clusterId,
      attemptId,
      structure: judgement.answer,
      salvaged: judgement.salvaged,
      taskVersion: task.version,
    },
  )
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
