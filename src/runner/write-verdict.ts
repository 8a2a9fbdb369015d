/** What was made of an answer; one that was given in this process is written with it. */
import type { TaskStamp } from './asked.ts'
import type { Move } from './move.ts'
import { codesOf } from './name-case.ts'
import type { ShardSession } from './shard-session.ts'

/** Inside a commit. */
export function writeVerdict<Answer>(
  { attempts }: ShardSession,
  task: TaskStamp,
  { attemptId, judgement: { verdict, findings }, unwritten }: Move<Answer>,
): void {
  const judged = { verdict, codes: codesOf(findings) }
  if (unwritten === undefined) attempts.judged(attemptId, judged, task.version)
  else attempts.answeredHere(attemptId, unwritten.intent, unwritten.answer, judged)
}
