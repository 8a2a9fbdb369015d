/** What asking about the clusters of a plan costs in calls and tokens, beside asking about each fact alone. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import type * as Frontier from '../../db/queries/frontier.ts'
import type * as WholeClusters from '../../db/queries/whole-clusters.ts'
import type { Cluster } from '../../schemas/cluster.ts'
import { RELATION_TYPES } from '../../schemas/structure.ts'
import type * as Task from '../../src/passes/30-c-structure/task.ts'
import { built } from '../support/built.ts'

interface Input {
  readonly shardsFolder: string
}

export interface PromptCount {
  readonly facts: number
  readonly calls: number
  /** Of the facts alone, then with the rules and the schema that stand before them in every request. */
  readonly factTokens: number
  readonly promptTokens: number
  readonly callsOneByOne: number
  readonly promptTokensOneByOne: number
}

/** Lone clusters are structured by the built-in rules, as by default: they ask nobody. */
export async function contend({ shardsFolder }: Input): Promise<PromptCount> {
  const { frontierQueries } = await built<typeof Frontier>('db/queries/frontier.ts')
  const { wholeClusterQueries } = await built<typeof WholeClusters>('db/queries/whole-clusters.ts')
  const { structureTask } = await built<typeof Task>('src/passes/30-c-structure/task.ts')
  const task = structureTask({ relationTypes: RELATION_TYPES })
  const tokensOf = (cluster: Cluster): number => countTokens(task.ask(cluster).at(-1)!.content)
  const count = { facts: 0, calls: 0, factTokens: 0, tokensOneByOne: 0 }
  let ruleTokens = countTokens(JSON.stringify(task.answerSchema.json))
  for (const name of readdirSync(shardsFolder).filter((file) => file.endsWith('.sqlite'))) {
    const db = new Database(join(shardsFolder, name), { readonly: true })
    const frontier = frontierQueries(db)
    const everything = { state: 'todo', throughKey: 2n ** 63n - 1n, domain: null } as const
    const rows = frontier.pageAfter(undefined, everything, 100_000_000)
    const whole = wholeClusterQueries(db).byIds(rows.map(({ clusterId }) => clusterId))
    for (const cluster of whole.values()) {
      if (count.facts === 0) ruleTokens += countTokens(task.ask(cluster)[0]!.content)
      count.facts += cluster.members.length
      for (const member of cluster.members)
        count.tokensOneByOne += tokensOf({ ...cluster, members: [{ ...member, i: 0 }] })
      if (cluster.isLone) continue
      count.calls++
      count.factTokens += tokensOf(cluster)
    }
    db.close()
  }
  return {
    facts: count.facts,
    calls: count.calls,
    factTokens: count.factTokens,
    promptTokens: count.factTokens + count.calls * ruleTokens,
    callsOneByOne: count.facts,
    promptTokensOneByOne: count.tokensOneByOne + count.facts * ruleTokens,
  }
}
