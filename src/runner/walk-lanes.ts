/**
 * Takes one item through its lanes. A hard policy: one primary call, one repair call, where the quota allows one
 * expensive call, quarantine. Never more; each move is judged with salvage before the next one is paid for.
 *
 * A walk can be repeated from the start at any time: moves that were made are found by their request key and cost
 * nothing, so a restart needs no state but the tables.
 */
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { AskFailure, Message } from '../../schemas/prompt.ts'
import type { Lane } from '../../schemas/states.ts'
import type { ModelTask } from '../../schemas/task.ts'
import { ask } from './ask.ts'
import type { NotAsked } from './asked.ts'
import { type Judgement, judge } from './judge.ts'
import type { LaneSettings, Lanes } from './lane-settings.ts'
import type { ShardSession } from './shard-session.ts'

/** One answer and what was made of it. */
export interface Move<Answer> {
  readonly attemptId: number
  readonly text: string
  readonly judgement: Judgement<Answer>
}

export type Walk<Answer> =
  | { readonly end: 'accepted'; readonly moves: readonly Move<Answer>[] }
  | { readonly end: 'exhausted'; readonly moves: readonly Move<Answer>[] }
  | { readonly end: 'waits_for_sweep'; readonly moves: readonly Move<Answer>[] }
  | { readonly end: 'not_asked'; readonly moves: readonly Move<Answer>[]; readonly why: NotAsked }
  | {
      readonly end: 'unanswered'
      readonly moves: readonly Move<Answer>[]
      readonly failure: AskFailure
      readonly attemptId: number
      readonly lane: Lane
      readonly settings: LaneSettings
    }

/** `later`: the last sweep decides. */
export type ExpensiveLane = 'later' | 'now' | 'never'

/** A model that declined or was filtered says the same again when it is asked to repair. */
export const BEYOND_REPAIR: readonly FailureCode[] = ['answer_refused', 'answer_filtered']

export async function walkLanes<Item, Answer>(
  session: ShardSession,
  task: ModelTask<Item, Answer>,
  item: { readonly clusterId: string; readonly value: Item; readonly wasAsked: boolean },
  lanes: Lanes,
  expensive: ExpensiveLane,
): Promise<Walk<Answer>> {
  const moves: Move<Answer>[] = []

  /** @returns how the walk ends, or undefined where the next lane has its turn */
  async function move(lane: Lane, messages: readonly Message[]): Promise<Walk<Answer> | undefined> {
    const settings = lanes[lane]
    if (settings === null) return undefined
    const answerLimitTokens = wasTruncated(moves)
      ? settings.answerLimitTokens
      : session.answerLimits.of(lane, settings)
    const { clusterId, wasAsked } = item
    const question = { clusterId, wasAsked, lane, settings, answerLimitTokens }
    const asked = await ask(session, task, question, messages)
    if (asked.kind === 'not_asked') return { end: 'not_asked', moves, why: asked.why }
    if (asked.kind === 'unanswered')
      return { end: 'unanswered', moves, failure: asked.failure, attemptId: asked.attemptId, lane, settings }
    const { attemptId, text } = asked.answer
    const { answer } = asked
    const judgement = session.profiler.time('PassC: judge', () => judge(task, item.value, answer))
    moves.push({ attemptId, text, judgement })
    return judgement.verdict === 'bad' ? undefined : { end: 'accepted', moves }
  }

  const question = session.profiler.time('PassC: prompt', () => task.ask(item.value))
  const first = await move('primary', question)
  if (first !== undefined) return first

  const { text, findings } = badMove(moves.at(-1)!)
  if (!findings.some(({ code }) => BEYOND_REPAIR.includes(code))) {
    const second = await move('repair', task.repair(item.value, text, findings))
    if (second !== undefined) return second
  }

  if (lanes.expensive === null || expensive === 'never') return { end: 'exhausted', moves }
  if (expensive === 'later') return { end: 'waits_for_sweep', moves }
  return (await move('expensive', question)) ?? { end: 'exhausted', moves }
}

/** A limit that follows use may be what cut the answer, so from then on the cluster has all that the settings allow. */
const wasTruncated = (moves: readonly Move<unknown>[]): boolean =>
  moves.some(({ judgement }) => judgement.findings.some(({ code }) => code === 'answer_truncated'))

function badMove<Answer>({ text, judgement }: Move<Answer>): { text: string; findings: readonly Finding[] } {
  return { text, findings: judgement.findings }
}
