import type { Db } from '../open.ts'

/** @returns ids of the concepts with most edges, then most members, then by id */
export const fieldLeaders = (field: Db, limit: number): string[] =>
  field
    .prepare(
      'SELECT concept_id FROM concepts ORDER BY edge_count DESC, member_count DESC, concept_id LIMIT ?',
    )
    .pluck()
    .all(limit) as string[]
