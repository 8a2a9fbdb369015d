/** estimate: what the frontier will cost, before it does; from history, or from a small sample that is paid and kept. */
import { type FrontierRow, frontierQueries } from '../../../db/queries/frontier.ts'
import { type FrontierSize, frontierSize } from '../../../db/queries/frontier-size.ts'
import { wholeClusterQueries } from '../../../db/queries/whole-clusters.ts'
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { estimateSchema } from '../../../schemas/output/estimate.ts'
import { openShard } from '../../../shards/lifecycle.ts'
import { shardsOf, splitVisited, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { estimateCost } from './estimate-cost.ts'
import { estimatePrompts, strideFor } from './estimate-prompts.ts'
import { laneMeters } from './lane-meters.ts'
import { readHistory } from './read-history.ts'

export type Estimate = Inferred<typeof estimateSchema>

/** @throws RffError provider_unknown, workspace_missing */
export async function estimate(
  workspace: Workspace,
  config: Config,
  promptText: string | null,
): Promise<Estimate> {
  const meters = await laneMeters(config)
  const { values, unreadable } = splitVisited(visitShards(workspace, frontierSize))
  const size = values.reduce<FrontierSize>(
    (sum, { todo, lone }) => ({ todo: sum.todo + todo, lone: sum.lone + lone }),
    { todo: 0, lone: 0 },
  )
  const byRules =
    meters.primary.provider === 'rules' ? size.todo : config.expand.lone === 'rules' ? size.lone : 0
  const calls = size.todo - byRules
  const skipped = new Set(unreadable.map(({ shardNo }) => shardNo))
  const sample = everyNth(askedClusters(workspace, config, skipped), strideFor(calls))
  const prompts = estimatePrompts(calls === 0 ? [] : sample, calls, config, meters.primary, promptText)
  const history = readHistory(workspace, config, meters, promptText)
  return { ...estimateCost(prompts, meters, history, config), prompts, todo: size.todo, byRules, unreadable }
}

const PAGE_CLUSTERS = 256
const LAST_KEY = 2n ** 63n - 1n

/** Those of the frontier that a model is asked about, in hash order. */
function* askedClusters(
  workspace: Workspace,
  { expand }: Config,
  skipped: ReadonlySet<number>,
): Generator<Cluster> {
  for (const shard of shardsOf(workspace)) {
    if (skipped.has(shard.shardNo)) continue
    const db = openShard(workspace.shardPath(shard.shardNo), shard, 'read')
    try {
      const frontier = frontierQueries(db)
      const whole = wholeClusterQueries(db)
      const slice = { state: 'todo', throughKey: LAST_KEY, domain: null } as const
      let page: FrontierRow[] = frontier.pageAfter(undefined, slice, PAGE_CLUSTERS)
      while (page.length > 0) {
        const clusters = whole.byIds(page.map(({ clusterId }) => clusterId))
        for (const { clusterId } of page) {
          const cluster = clusters.get(clusterId)!
          if (!(cluster.isLone && expand.lone === 'rules')) yield cluster
        }
        page = frontier.pageAfter(page.at(-1), slice, PAGE_CLUSTERS)
      }
    } finally {
      db.close()
    }
  }
}

function* everyNth<T>(items: Iterable<T>, stride: number): Generator<T> {
  let at = 0
  for (const item of items) {
    if (at % stride === 0) yield item
    at += 1
  }
}
