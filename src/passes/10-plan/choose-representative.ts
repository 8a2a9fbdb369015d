/** Which fact of a group of duplicates speaks for it. Pure. */
import type { CoverageRole } from '../../../schemas/states.ts'

/** A live fact of a group; `role` is null where nothing covers it yet. */
export interface GroupFact {
  readonly factNo: number
  readonly role: CoverageRole | null
  readonly representativeFactNo: number | null
}

export interface GroupMoves {
  readonly representativeFactNo: number
  /** It followed another one until now and is to be covered itself. */
  readonly isReleased: boolean
  /** Facts that follow the representative and did not until now. */
  readonly followerFactNos: readonly number[]
}

/**
 * What the plan covers already speaks for the group and goes on speaking for it: plans are frozen. Where nothing is
 * covered, the first one does.
 *
 * @param facts ascending by key, then fact id; not empty
 */
export function chooseRepresentative(facts: readonly GroupFact[]): GroupMoves {
  const covered = facts.find(({ role }) => role !== null && role !== 'duplicate')
  const representative = covered ?? facts[0]!
  const { factNo } = representative
  return {
    representativeFactNo: factNo,
    isReleased: representative.role === 'duplicate',
    followerFactNos: facts
      .filter((fact) => fact.factNo !== factNo && fact.representativeFactNo !== factNo)
      .map((fact) => fact.factNo),
  }
}
