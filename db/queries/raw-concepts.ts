/** The concepts of all deltas in a field file, before PassM': one row a concept and cluster, read a concept at a time. */
import * as z from 'zod'
import type { Db } from '../open.ts'
import { ascending } from './ascending.ts'

/** What all clusters say of one concept. Lists are ascending, each entry once. */
export interface RawConcept {
  readonly conceptId: string
  readonly normalisedName: string
  /** The smallest, where clusters of several domains name it. */
  readonly domain: string
  readonly names: readonly string[]
  readonly aliases: readonly string[]
  readonly glosses: readonly string[]
}

interface Row {
  readonly conceptId: string
  readonly normalisedName: string
  readonly domain: string
  readonly name: string
  readonly aliases: string
  readonly gloss: string
}

const COLUMNS = `concept_id AS conceptId, normalised_name AS normalisedName, domain, name, aliases, gloss`

const PAGE = `
  SELECT ${COLUMNS} FROM raw_concepts
  WHERE concept_id IN (
    SELECT DISTINCT concept_id FROM raw_concepts WHERE concept_id > @after ORDER BY concept_id LIMIT @limit
  )
  ORDER BY concept_id, cluster_id`

const ONE = `SELECT ${COLUMNS} FROM raw_concepts WHERE concept_id = ? ORDER BY cluster_id`

const MEMBERS = `
  SELECT dup_group_id AS groupId, max(role = 'definition') AS isDefinition
  FROM raw_members WHERE concept_id = ? GROUP BY dup_group_id ORDER BY dup_group_id`

const aliasList = z.array(z.string())

export function rawConceptQueries(db: Db) {
  const page = db.prepare<object, Row>(PAGE)
  const one = db.prepare<[string], Row>(ONE)
  const members = db.prepare<[string], { groupId: string; isDefinition: number }>(MEMBERS)
  return {
    /** Every concept, ascending by id; nothing stays open between two of them, so the caller may write. */
    *all(pageSize = 1_000): Generator<RawConcept> {
      let after = ''
      for (;;) {
        const rows = page.all({ after, limit: pageSize })
        if (rows.length === 0) return
        yield* byConcept(rows)
        after = rows[rows.length - 1]!.conceptId
      }
    },
    find(conceptId: string): RawConcept | undefined {
      const rows = one.all(conceptId)
      return rows.length === 0 ? undefined : united(rows)
    },
    /** Duplicate groups of its member facts, ascending, and whether one of them defines it. */
    membersOf(conceptId: string): { memberGroups: string[]; isDefined: boolean } {
      const rows = members.all(conceptId)
      return {
        memberGroups: rows.map((row) => row.groupId),
        isDefined: rows.some((row) => row.isDefinition === 1),
      }
    },
  }
}

function* byConcept(rows: readonly Row[]): Generator<RawConcept> {
  let start = 0
  for (let at = 1; at <= rows.length; at++) {
    if (rows[at]?.conceptId === rows[start]!.conceptId) continue
    yield united(rows.slice(start, at))
    start = at
  }
}

function united(rows: readonly Row[]): RawConcept {
  const { conceptId, normalisedName } = rows[0]!
  return {
    conceptId,
    normalisedName,
    domain: ascending(rows.map((row) => row.domain))[0]!,
    names: ascending(rows.map((row) => row.name)),
    aliases: ascending(rows.flatMap((row) => aliasList.parse(JSON.parse(row.aliases)))),
    glosses: ascending(rows.map((row) => row.gloss)),
  }
}
