/** What is wrong with a correction that a person is still writing. Reads only: the shard may be at work. */
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Finding } from '../../../schemas/finding.ts'
import { structureTask } from '../../passes/30-c-structure/task.ts'
import { shardsOf, visitShard } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { judgeByPerson, readCase } from './correct-case.ts'

/**
 * @returns empty where `correctCase` would take it now
 * @throws RffError shard_unknown, case_decided, or what is wrong with the shard
 */
export function checkCorrection(
  workspace: Workspace,
  config: Config,
  {
    shardNo,
    clusterId,
    text,
  }: { readonly shardNo: number; readonly clusterId: string; readonly text: string },
): readonly Finding[] {
  const shard = shardsOf(workspace).find((one) => one.shardNo === shardNo)
  if (shard === undefined) throw new RffError('shard_unknown', `there is no shard ${shardNo}`)
  const visited = visitShard(workspace, shard, (db) => readCase(db, clusterId))
  if (!visited.ok) throw new RffError(visited.failure.code, visited.failure.message)
  const task = structureTask({ relationTypes: config.structure.relationTypes })
  const judgement = judgeByPerson(task, visited.value, text)
  return judgement.ok ? [] : judgement.findings
}
