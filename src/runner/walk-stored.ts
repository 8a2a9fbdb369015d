/**
 * Takes one item through its lanes again with the answers that are stored, by the policy of walkLanes; nobody is asked.
 *
 * Answers are not looked up by request key: a better validator finds other faults, so its repair question is another
 * one than the repair that was paid for, and a prompt may have changed since. What decided the item is the anchor: its
 * primary call is the last one before it, and its later moves lie before the next primary call.
 */
import type { MadeAttempt } from '../../db/queries/stored-walks.ts'
import type { Lane } from '../../schemas/states.ts'
import type { ModelTask } from '../../schemas/task.ts'
import { judge } from './judge.ts'
import { BEYOND_REPAIR, type Move } from './walk-lanes.ts'

export type StoredWalk<Answer> =
  | { readonly end: 'accepted' | 'exhausted'; readonly moves: readonly Move<Answer>[] }
  /** By the policy a lane would have to be asked first. */
  | { readonly end: 'not_enough'; readonly moves: readonly Move<Answer>[]; readonly lane: Lane }

export interface StoredMoves {
  readonly primary: MadeAttempt | undefined
  readonly repair: MadeAttempt | undefined
  readonly expensive: MadeAttempt | undefined
}

/** @param attempts of one item, in the order in which they were made */
export function storedMoves(attempts: readonly MadeAttempt[], anchorId: number | null): StoredMoves {
  const anchor = attempts.find(({ attemptId }) => attemptId === anchorId)
  if (anchor === undefined) return { primary: undefined, repair: undefined, expensive: undefined }
  const primaries = attempts.filter(({ lane, answer }) => lane === 'primary' && answer !== null)
  const isNotAfterAnchor = ({ attemptId }: MadeAttempt): boolean => attemptId <= anchor.attemptId
  const primary = anchor.lane === 'primary' ? anchor : primaries.findLast(isNotAfterAnchor)
  const from = primary?.attemptId ?? Number.POSITIVE_INFINITY
  const until = primaries.find(({ attemptId }) => attemptId > from)?.attemptId ?? Number.POSITIVE_INFINITY
  const lastIn = (lane: Lane): MadeAttempt | undefined => {
    if (anchor.lane === lane) return anchor
    return attempts.findLast(
      (made) => made.lane === lane && made.answer !== null && made.attemptId > from && made.attemptId < until,
    )
  }
  return { primary, repair: lastIn('repair'), expensive: lastIn('expensive') }
}

/** @param hasRepairLane whether a run of today would make a repair call */
export function walkStored<Item, Answer>(
  task: ModelTask<Item, Answer>,
  item: Item,
  { primary, repair, expensive }: StoredMoves,
  hasRepairLane: boolean,
): StoredWalk<Answer> {
  const moves: Move<Answer>[] = []

  function isAccepted({ attemptId }: MadeAttempt, answer: NonNullable<MadeAttempt['answer']>): boolean {
    const judgement = judge(task, item, answer)
    moves.push({ attemptId, text: answer.text, judgement })
    return judgement.verdict !== 'bad'
  }

  if (!primary?.answer) return { end: 'not_enough', moves, lane: 'primary' }
  if (isAccepted(primary, primary.answer)) return { end: 'accepted', moves }
  const isBeyondRepair = moves[0]!.judgement.findings.some(({ code }) => BEYOND_REPAIR.includes(code))
  if (!isBeyondRepair) {
    if (repair?.answer) {
      if (isAccepted(repair, repair.answer)) return { end: 'accepted', moves }
    } else if (hasRepairLane) return { end: 'not_enough', moves, lane: 'repair' }
  }
  if (expensive?.answer && isAccepted(expensive, expensive.answer)) return { end: 'accepted', moves }
  return { end: 'exhausted', moves }
}
