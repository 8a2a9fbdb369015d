/** spend: what was paid, over all shards, from the same view that a person can read in each of them. */
import { existsSync } from 'node:fs'
import { openDb } from '../../../db/open.ts'
import { type EmbeddingSpendRow, embeddingQueries } from '../../../db/queries/embeddings.ts'
import { runQueries } from '../../../db/queries/runs.ts'
import { type SpendRow, shardSpend } from '../../../db/queries/spend.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { runSpendSchema, spendSchema } from '../../../schemas/output/spend.ts'
import { figures } from '../figures.ts'
import type { Workspace } from '../workspace.ts'
import { splitVisited, type Visited, visitShards } from './visit-shards.ts'

export type RunSpend = Inferred<typeof runSpendSchema>

const TOTALS = figures('attempts', 'reused', 'promptTokens', 'cachedTokens', 'answerTokens', 'microUsd')
export type Spend = Inferred<typeof spendSchema>

export const spend = (workspace: Workspace): Spend => ({
  ...spendOf(workspace, visitShards(workspace, shardSpend)),
  embeddings: embeddingSpend(workspace),
})

export function embeddingSpend({ embeddingsPath }: Pick<Workspace, 'embeddingsPath'>): EmbeddingSpendRow[] {
  if (!existsSync(embeddingsPath)) return []
  const db = openDb(embeddingsPath, 'embeddings', { mode: 'read' })
  try {
    return embeddingQueries(db).spend()
  } finally {
    db.close()
  }
}

/** That of runs, from what was read of the shards already. */
export function spendOf(
  { control }: Pick<Workspace, 'control'>,
  visited: readonly Visited<readonly SpendRow[]>[],
): Omit<Spend, 'embeddings'> {
  const { values, unreadable } = splitVisited(visited)
  const tags = new Map(
    runQueries(control)
      .all()
      .map(({ runId, runTag }) => [runId, runTag]),
  )
  const rows = unite(values.flat()).map((row) => ({ ...row, runTag: tags.get(row.runId) ?? null }))
  const unsettled = rows.filter(({ state }) => state === 'sent' || state === 'unknown')
  return {
    rows,
    totals: {
      ...TOTALS.sum(rows),
      unsettledMicroUsd: unsettled.reduce((sum, { microUsd }) => sum + microUsd, 0),
    },
    unreadable,
  }
}

/** Sorted by what they are about, so that the order of shards makes no difference. */
function unite(rows: readonly SpendRow[]): SpendRow[] {
  const united = new Map<string, SpendRow>()
  for (const row of rows) {
    const key = keyOf(row)
    const known = united.get(key)
    united.set(key, known === undefined ? row : TOTALS.add(known, row))
  }
  return [...united.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

const keyOf = ({ runId, lane, provider, model, serviceTier, state }: SpendRow): string =>
  [String(runId).padStart(16, '0'), lane, provider, model, serviceTier ?? '', state].join('\0')
