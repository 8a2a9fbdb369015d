/** spend: what was paid, over all shards, from the same view that a person can read in each of them. */
import { runQueries } from '../../../db/queries/runs.ts'
import { type SpendRow, shardSpend } from '../../../db/queries/spend.ts'
import { figures } from '../figures.ts'
import type { Workspace } from '../workspace.ts'
import { splitVisited, type UnreadableShard, type Visited, visitShards } from './visit-shards.ts'

export interface RunSpend extends SpendRow {
  /** null for a run that the control file does not know. */
  readonly runTag: string | null
}

const TOTALS = figures('attempts', 'reused', 'promptTokens', 'cachedTokens', 'answerTokens', 'microUsd')
export type SpendTotals = ReturnType<typeof TOTALS.sum>

export interface Spend {
  /** By run, lane, provider, model, tier and state, in that order. */
  readonly rows: readonly RunSpend[]
  readonly totals: SpendTotals & {
    /** Of `microUsd`: booked at worst case, because nobody knows whether it was billed. */
    readonly unsettledMicroUsd: number
  }
  readonly unreadable: readonly UnreadableShard[]
}

export const spend = (workspace: Workspace): Spend => spendOf(workspace, visitShards(workspace, shardSpend))

/** The same from what was read of the shards already. */
export function spendOf(
  { control }: Pick<Workspace, 'control'>,
  visited: readonly Visited<readonly SpendRow[]>[],
): Spend {
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
