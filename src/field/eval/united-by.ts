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
 * Two facts are one thing where both define one concept, where PassM' united a concept of the one with a concept of the
 * other, or where an edge calls them the same. Members in other roles stand beside a definition: a concept may hold an
 * example, and two clusters may name one thing from two facts about it.
 */
export function unitedBy(
  field: Evaluating,
  a: string,
  b: string,
  shared: readonly string[],
): Union | undefined {
  for (const conceptId of shared) {
    const meeting = meetingOf(field.standingsOf(conceptId, a), field.standingsOf(conceptId, b))
    if (meeting !== undefined) return { conceptId, ...meeting }
  }
  return field.hasFactEdge(a, 'same_as', b) || field.hasFactEdge(b, 'same_as', a)
    ? { conceptId: shared[0] ?? '', by: 'same_as', via: '' }
    : undefined
}

/** The closest way in which any row of the one meets any of the other. */
function meetingOf(
  forA: readonly StandingRow[],
  forB: readonly StandingRow[],
): Omit<Union, 'conceptId'> | undefined {
  const pairs = forA.flatMap((a) => forB.map((b) => [a, b] as const))
  const defined = pairs.filter(
    ([a, b]) => a.rawConceptId === b.rawConceptId && a.role === 'definition' && b.role === 'definition',
  )
  if (defined.some(([a, b]) => a.clusterId === b.clusterId)) return { by: 'cluster', via: '' }
  if (defined.length > 0) return { by: 'name', via: '' }
  // A fact that belongs to both from the start was not brought together with the other by PassM'.
  if (pairs.some(([a, b]) => a.rawConceptId === b.rawConceptId)) return undefined
  const united = pairs.find(([a, b]) => standsForIt(a) && standsForIt(b))
  const row = united?.find(({ reason }) => reason !== 'self')
  return row && { by: row.reason === 'near' ? 'near' : 'alias', via: row.via }
}

/** As its definition, or as the fact that its cluster named it from. */
const standsForIt = ({ role, isCanonical }: StandingRow): boolean =>
  role === 'definition' || isCanonical === 1
