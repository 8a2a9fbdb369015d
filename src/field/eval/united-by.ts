/** Whether a field takes two facts for one thing, and what made it do so. */
import type { Evaluating, StandingRow } from '../../../db/queries/evaluating.ts'

/**
 * - `same_as`  an edge between the two facts says so
 * - `cluster`  one cluster's concept is defined by both
 * - `name`     two clusters gave their concepts one name
 * - `alias`, `near`  PassM' united two concepts
 */
export type UnitedBy = 'same_as' | 'cluster' | 'name' | 'alias' | 'near'

export interface Union {
  readonly conceptId: string
  readonly by: UnitedBy
  /** The name that PassM' united the two by; empty where it was not PassM'. */
  readonly via: string
}

/**
 * Two facts are one thing where both stand for one concept, as its definition or as the fact that it was named from,
 * or where an edge calls them the same. Members in other roles stand beside it: a concept may hold an example.
 */
export function unitedBy(
  field: Evaluating,
  a: string,
  b: string,
  shared: readonly string[],
): Union | undefined {
  for (const conceptId of shared) {
    const [forA, forB] = [a, b].map((factId) => field.standingsOf(conceptId, factId).filter(standsForIt))
    if (forA!.length > 0 && forB!.length > 0) return { conceptId, ...meetingOf(forA!, forB!) }
  }
  return field.hasFactEdge(a, 'same_as', b) || field.hasFactEdge(b, 'same_as', a)
    ? { conceptId: shared[0] ?? '', by: 'same_as', via: '' }
    : undefined
}

const standsForIt = ({ role, isCanonical }: StandingRow): boolean =>
  role === 'definition' || isCanonical === 1

/** The closest way in which any row of the one meets any of the other. */
function meetingOf(forA: readonly StandingRow[], forB: readonly StandingRow[]): Omit<Union, 'conceptId'> {
  const meets = (isMet: (a: StandingRow, b: StandingRow) => boolean): boolean =>
    forA.some((a) => forB.some((b) => isMet(a, b)))
  if (meets((a, b) => a.rawConceptId === b.rawConceptId && a.clusterId === b.clusterId))
    return { by: 'cluster', via: '' }
  if (meets((a, b) => a.rawConceptId === b.rawConceptId)) return { by: 'name', via: '' }
  const { reason, via } = [...forA, ...forB].find((row) => row.reason !== 'self')!
  return { by: reason === 'near' ? 'near' : 'alias', via }
}
