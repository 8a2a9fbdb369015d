/**
 * PassC and PassM with every check and no storage: the verbs of the built program over clusters that are in memory.
 *
 * The difference to a run is what storage and bookkeeping take.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type * as Frontier from '../../db/queries/frontier.ts'
import type * as WholeClusters from '../../db/queries/whole-clusters.ts'
import type { Cluster } from '../../schemas/cluster.ts'
import { RELATION_TYPES } from '../../schemas/structure.ts'
import type * as Rules from '../../src/llm/rules/provider.ts'
import type * as Task from '../../src/passes/30-c-structure/task.ts'
import type * as Materialise from '../../src/passes/40-m-materialise/materialise.ts'
import type * as Judge from '../../src/runner/judge.ts'
import { built } from '../support/built.ts'

interface Input {
  readonly shardsFolder: string
}

interface Prepared {
  readonly clusters: readonly Cluster[]
  structure(cluster: Cluster): boolean
}

export async function prepare({ shardsFolder }: Input): Promise<Prepared> {
  return { clusters: await readClusters(shardsFolder), structure: await loadVerbs() }
}

/** @returns how many clusters were accepted, and how many there were */
export async function contend(_: Input, { clusters, structure }: Prepared) {
  let accepted = 0
  for (const cluster of clusters) if (structure(cluster)) accepted++
  return { clusters: clusters.length, accepted }
}

async function readClusters(shardsFolder: string): Promise<Cluster[]> {
  const { frontierQueries } = await built<typeof Frontier>('db/queries/frontier.ts')
  const { wholeClusterQueries } = await built<typeof WholeClusters>('db/queries/whole-clusters.ts')
  return readdirSync(shardsFolder)
    .filter((name) => name.endsWith('.sqlite'))
    .sort()
    .flatMap((name) => {
      const db = new Database(join(shardsFolder, name), { readonly: true })
      const frontier = frontierQueries(db)
      const everything = { state: 'todo', throughKey: 2n ** 63n - 1n, domain: null } as const
      const rows = frontier.pageAfter(undefined, everything, 100_000_000)
      const clusters = [
        ...wholeClusterQueries(db)
          .byIds(rows.map(({ clusterId }) => clusterId))
          .values(),
      ]
      db.close()
      return clusters
    })
}

async function loadVerbs(): Promise<(cluster: Cluster) => boolean> {
  const { structureTask } = await built<typeof Task>('src/passes/30-c-structure/task.ts')
  const { rulesProvider } = await built<typeof Rules>('src/llm/rules/provider.ts')
  const { judge } = await built<typeof Judge>('src/runner/judge.ts')
  const { materialise } = await built<typeof Materialise>('src/passes/40-m-materialise/materialise.ts')
  const task = structureTask({ relationTypes: RELATION_TYPES })
  const provider = rulesProvider()
  const frame = { task: task.name, lane: 'primary', model: 'rules', schema: task.answerSchema } as const
  return (cluster) => {
    const messages = task.ask(cluster)
    const reply = provider.answer({ ...frame, messages, sampling: {}, answerLimitTokens: 4_096 })
    if (!reply.ok) return false
    const judgement = judge(task, cluster, reply.answer)
    if (judgement.verdict === 'bad') return false
    return materialise({ cluster, structure: judgement.answer, keepDomainsApart: false }).ok
  }
}
