/** What judging the stored answers again would change about a cluster. */
import type { DoneCluster } from '../../db/queries/stored-walks.ts'
import { canonicalJson } from '../../schemas/canonical-json.ts'
import type { FailureCode } from '../../schemas/failure.ts'
import type { Structure } from '../../schemas/structure.ts'
import { codesOf } from './name-case.ts'
import type { StoredWalk } from './walk-stored.ts'

export const REPLAY_CHANGES = ['newly_ok', 'newly_bad', 'structure_differs', 'findings_differ'] as const
export type ReplayChange = (typeof REPLAY_CHANGES)[number]

/** `not_enough`: by today's policy a lane would have to be asked first, so the cluster stays as it is. */
export type ReplayVerdict = ReplayChange | 'unchanged' | 'not_enough'

export interface Comparison {
  readonly verdict: ReplayVerdict
  /** What was wrong with what stands (codes), and what is wrong today; ascending. */
  readonly before: readonly FailureCode[]
  readonly after: readonly FailureCode[]
  /** Fields of the structure that differ, in the order of the answer schema; salvage counts as one. */
  readonly differsIn: readonly string[]
}

export function compareWalk(done: DoneCluster, walk: StoredWalk<Structure>): Comparison {
  const before = done.structure?.salvaged ?? done.quarantine?.codes ?? []
  const last = walk.moves.at(-1)?.judgement
  if (walk.end === 'not_enough' || last === undefined) {
    return { verdict: 'not_enough', before, after: codesOf(last?.findings ?? []), differsIn: [] }
  }
  if (last.verdict === 'bad') {
    const after = codesOf(last.findings)
    if (done.structure !== null) return { verdict: 'newly_bad', before, after, differsIn: [] }
    const isSame = canonicalJson(done.quarantine?.findings ?? []) === canonicalJson(last.findings)
    return { verdict: isSame ? 'unchanged' : 'findings_differ', before, after, differsIn: [] }
  }
  const after = last.salvaged
  if (done.structure === null) return { verdict: 'newly_ok', before, after, differsIn: [] }
  const differsIn = [
    ...fieldsThatDiffer(done.structure.structure, last.answer),
    ...(canonicalJson(before) === canonicalJson(after) ? [] : ['salvaged']),
  ]
  return { verdict: differsIn.length === 0 ? 'unchanged' : 'structure_differs', before, after, differsIn }
}

function fieldsThatDiffer(before: unknown, after: Structure): string[] {
  const standing = before as Record<string, unknown>
  return Object.entries(after)
    .filter(([name, value]) => canonicalJson(standing[name] ?? null) !== canonicalJson(value))
    .map(([name]) => name)
}
