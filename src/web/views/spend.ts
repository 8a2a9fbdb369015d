/** What was paid: by model and lane, day by day, and what it bought. */
import type { moneyByCode } from '../../../db/queries/money-by-code.ts'
import type { SpendRow } from '../../../db/queries/spend.ts'
import type { DaySpend } from '../../../db/queries/spend-by-day.ts'
import type { SpendPage } from '../../../schemas/page/spend.ts'
import { economicsOf } from '../../control/status/economics.ts'
import { embeddingSpend, type RunSpend, spendOf } from '../../control/status/spend.ts'
import type { Visited } from '../../control/status/visit-shards.ts'
import type { Workspace } from '../../control/workspace.ts'

export interface SpendLook {
  readonly lines: readonly SpendRow[]
  readonly days: readonly DaySpend[]
  readonly money: ReturnType<typeof moneyByCode>
}

export function spendView(workspace: Workspace, visited: readonly Visited<SpendLook>[]): SpendPage {
  const { rows, totals } = spendOf(
    workspace,
    pick(visited, ({ lines }) => lines),
  )
  const { lanes, salvage, unreadable } = economicsOf(pick(visited, ({ money }) => money))
  const ok = lanes.reduce((sum, { clustersOk }) => sum + clustersOk, 0)
  return {
    lines: uniteLines(rows),
    days: uniteDays(visited.flatMap((one) => (one.ok ? one.value.days : []))),
    microUsd: totals.microUsd,
    unsettledMicroUsd: totals.unsettledMicroUsd,
    embeddings: embeddingSpend(workspace),
    perThousandOkMicroUsd: ok === 0 ? null : Math.round((totals.microUsd * 1_000) / ok),
    salvage,
    laneYields: [...lanes],
    unreadable: unreadable.map(({ shardNo }) => shardNo),
  }
}

/** One part of what was read of each shard. */
export const pick = <T, Part>(visited: readonly Visited<T>[], part: (value: T) => Part): Visited<Part>[] =>
  visited.map((one) => (one.ok ? { ...one, value: part(one.value) } : one))

type Line = SpendPage['lines'][number]

/** Runs and states of attempts put together, dearest first, then by name. */
function uniteLines(rows: readonly RunSpend[]): Line[] {
  const lines = new Map<string, Line>()
  for (const row of rows) {
    const model = row.provider === 'rules' ? 'rules' : `${row.provider}/${row.model}`
    const key = `${model}\0${row.lane}`
    const unsettled = row.state === 'sent' || row.state === 'unknown' ? row.microUsd : 0
    const known = lines.get(key) ?? { ...NOTHING, model, lane: row.lane }
    lines.set(key, {
      ...known,
      attempts: known.attempts + row.attempts,
      reused: known.reused + row.reused,
      promptTokens: known.promptTokens + row.promptTokens,
      cachedTokens: known.cachedTokens + row.cachedTokens,
      answerTokens: known.answerTokens + row.answerTokens,
      microUsd: known.microUsd + row.microUsd,
      unsettledMicroUsd: known.unsettledMicroUsd + unsettled,
    })
  }
  return [...lines.entries()]
    .sort(([a, one], [b, other]) => other.microUsd - one.microUsd || (a < b ? -1 : 1))
    .map(([, line]) => line)
}

const NOTHING = {
  attempts: 0,
  reused: 0,
  promptTokens: 0,
  cachedTokens: 0,
  answerTokens: 0,
  microUsd: 0,
  unsettledMicroUsd: 0,
}

function uniteDays(rows: readonly DaySpend[]): DaySpend[] {
  const days = new Map<string, DaySpend>()
  for (const row of rows) {
    const key = `${row.day}\0${row.model}`
    const known = days.get(key)
    days.set(
      key,
      known === undefined
        ? row
        : { ...row, attempts: row.attempts + known.attempts, microUsd: row.microUsd + known.microUsd },
    )
  }
  return [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
