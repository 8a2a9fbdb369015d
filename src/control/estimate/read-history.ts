/** What the answers of this workspace tell about the next ones, over all shards. */
import {
  type AnswerLengths,
  answerHistoryQueries,
  type MovesMade,
} from '../../../db/queries/answer-history.ts'
import { wholeClusterQueries } from '../../../db/queries/whole-clusters.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Lane } from '../../../schemas/states.ts'
import { structureTask } from '../../passes/30-c-structure/task.ts'
import { figures } from '../figures.ts'
import { splitVisited, visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { promptCounter } from './estimate-prompts.ts'
import type { LaneMeter, LaneMeters } from './lane-meters.ts'

export interface LengthSample {
  readonly answers: number
  readonly meanTokens: number
  readonly varianceTokens: number
  readonly p50Tokens: number
  readonly p95Tokens: number
  readonly meanPromptTokens: number
  /** Of the prompt tokens, 0 to 1: served from the provider's cache. */
  readonly cachedShare: number
}

export interface History {
  /** null where the lane's model has never answered. */
  readonly lanes: Readonly<Record<Lane, LengthSample | null>>
  /** Of the clusters with a first answer of the primary model; null where there is none. */
  readonly moves: Omit<MovesMade, 'provider' | 'model'> | null
  /** What the provider counted for prompts, over what we count for them; null where nothing tells. */
  readonly promptRatio: number | null
}

/** Prompts of a shard that are counted again to learn how the provider's count differs. */
const PROMPTS_COUNTED_PER_SHARD = 50

export function readHistory(
  workspace: Workspace,
  config: Config,
  meters: LaneMeters,
  promptText: string | null,
): History {
  const { relationTypes } = config.structure
  const { promptDigest } = structureTask({ relationTypes, ...(promptText === null ? {} : { promptText }) })
  const { primary } = meters
  const count = promptCounter(config, primary, promptText)
  const { values } = splitVisited(
    visitShards(workspace, (db) => {
      const history = answerHistoryQueries(db)
      const asked = { provider: primary.provider, model: primary.model, promptDigest }
      const prompts = history.billedPrompts(asked, PROMPTS_COUNTED_PER_SHARD)
      const clusters = wholeClusterQueries(db).byIds(prompts.map(({ clusterId }) => clusterId))
      return {
        lengths: history.lengths(),
        moves: history.moves(),
        billed: prompts.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
        counted: prompts.reduce((sum, { clusterId }) => sum + count(clusters.get(clusterId)!), 0),
      }
    }),
  )
  const lengths = values.flatMap((one) => one.lengths)
  const moves = values.flatMap((one) => one.moves).filter(isOf(primary))
  const counted = values.reduce((sum, one) => sum + one.counted, 0)
  const billed = values.reduce((sum, one) => sum + one.billed, 0)
  const sampleOf = (lane: Lane): LengthSample | null => {
    const meter = meters[lane]
    return meter === null ? null : sampleFrom(lengths.filter((row) => row.lane === lane && isOf(meter)(row)))
  }
  return {
    lanes: { primary: sampleOf('primary'), repair: sampleOf('repair'), expensive: sampleOf('expensive') },
    moves: moves.length === 0 ? null : MOVES.sum(moves),
    promptRatio: counted === 0 ? null : billed / counted,
  }
}

const isOf =
  ({ provider, model }: LaneMeter) =>
  (row: { readonly provider: string; readonly model: string }): boolean =>
    row.provider === provider && row.model === model

const MOVES = figures('clusters', 'repaired', 'expensive')

/** @returns null for no answers at all */
export function sampleFrom(rows: readonly AnswerLengths[]): LengthSample | null {
  const sorted = [...rows].sort((a, b) => a.answerTokens - b.answerTokens)
  const total = (of: (row: AnswerLengths) => number): number => sorted.reduce((sum, row) => sum + of(row), 0)
  const answers = total((row) => row.answers)
  if (answers === 0) return null
  const meanTokens = total((row) => row.answerTokens * row.answers) / answers
  const promptTokens = total((row) => row.promptTokens)
  const squares = total((row) => row.answers * (row.answerTokens - meanTokens) ** 2)
  return {
    answers,
    meanTokens,
    varianceTokens: answers < 2 ? 0 : squares / (answers - 1),
    p50Tokens: nthOf(sorted, Math.ceil(answers * 0.5)),
    p95Tokens: nthOf(sorted, Math.ceil(answers * 0.95)),
    meanPromptTokens: promptTokens / answers,
    cachedShare: promptTokens === 0 ? 0 : total((row) => row.cachedTokens) / promptTokens,
  }
}

/** @param n counted from 1 over all answers, shortest first */
function nthOf(sorted: readonly AnswerLengths[], n: number): number {
  let reached = 0
  for (const { answerTokens, answers } of sorted) {
    reached += answers
    if (reached >= n) return answerTokens
  }
  return 0
}
