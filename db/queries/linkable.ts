/** What PassX_link reads of a field, by canonical concept. */
import * as z from 'zod'
import type { Db } from '../open.ts'
import { ascending } from './ascending.ts'

/** All names that a canonical concept goes by, through every raw concept that stands under it. */
export interface LinkableConcept {
  readonly conceptId: string
  /** Normalised, ascending, each once. */
  readonly names: readonly string[]
  /** As written, ascending, each once. */
  readonly aliases: readonly string[]
  readonly domains: readonly string[]
}

/** One member fact of a canonical concept, with the clusters that brought it, ascending. */
export interface LinkableMember {
  readonly factId: string
  readonly clusterIds: readonly string[]
}

/** A link by name as an answer gave it, from its canonical concept. */
export interface NamedLink {
  readonly srcConceptId: string
  readonly clusterId: string
  readonly domain: string
  readonly targetNormalisedName: string
  readonly relType: string
  /** The concept's own first fact where the answer named none. */
  readonly supportFactIds: readonly string[]
}

/** The last of the next canonical concepts, so that a page is a range of ids. */
const LAST_OF_PAGE = `
  SELECT DISTINCT concept_id FROM concept_map WHERE concept_id > @after ORDER BY concept_id LIMIT 1 OFFSET @offset`

// CROSS JOIN holds SQLite to the order of concept_map, which is the order asked for.
const NAMES_PAGE = `
  SELECT k.concept_id, r.normalised_name, r.aliases, r.domain
  FROM concept_map k CROSS JOIN raw_concepts r ON r.concept_id = k.raw_concept_id
  WHERE k.concept_id > @after AND k.concept_id <= @last
  ORDER BY k.concept_id`

const MEMBERS_PAGE = `
  SELECT k.concept_id, json_group_array(m.fact_id)
  FROM concept_map k CROSS JOIN raw_members m ON m.concept_id = k.raw_concept_id
  WHERE k.concept_id > @after AND k.concept_id <= @last
  GROUP BY k.concept_id ORDER BY k.concept_id`

const MEMBERS = `
  SELECT m.fact_id AS factId, m.cluster_id AS clusterId
  FROM concept_map k CROSS JOIN raw_members m ON m.concept_id = k.raw_concept_id
  WHERE k.concept_id = ? ORDER BY m.fact_id, m.cluster_id`

const DOMAINS_PAGE = `
  SELECT DISTINCT k.concept_id, r.domain FROM concept_map k CROSS JOIN raw_concepts r ON r.concept_id = k.raw_concept_id
  WHERE k.concept_id > @after AND k.concept_id <= @last
  ORDER BY k.concept_id, r.domain`

const NAMED = `
  SELECT k.concept_id AS srcConceptId, l.concept_id AS rawConceptId, l.cluster_id AS clusterId, c.domain,
    l.target_normalised_name AS targetNormalisedName, l.rel_type AS relType, l.support_fact_ids AS supportFactIds,
    c.canonical_fact_id AS canonicalFactId
  FROM raw_links l
  JOIN concept_map k ON k.raw_concept_id = l.concept_id
  JOIN raw_concepts c ON c.concept_id = l.concept_id AND c.cluster_id = l.cluster_id
  WHERE (l.concept_id, l.target_normalised_name, l.rel_type, l.cluster_id)
    > (@rawConceptId, @targetNormalisedName, @relType, @clusterId)
  ORDER BY l.concept_id, l.target_normalised_name, l.rel_type, l.cluster_id LIMIT @limit`

const PAGE_SIZE = 1_000

/** Behind every concept id. */
const LAST_ID = '\u{10ffff}'

/** Concept, normalised name, aliases, domain. */
type NameRow = [string, string, string, string]

type NamedRow = Omit<NamedLink, 'supportFactIds'> & {
  rawConceptId: string
  supportFactIds: string
  canonicalFactId: string
}

const textList = z.array(z.string())

/** What a field holds to link. Nothing stays open between two rows, so the caller may write. */
export function linkableQueries(db: Db) {
  const lastOfPage = db.prepare<object, string>(LAST_OF_PAGE).pluck()
  const names = db.prepare<object, NameRow>(NAMES_PAGE).raw()
  const memberIds = db.prepare<object, [string, string]>(MEMBERS_PAGE).raw()
  const members = db.prepare<[string], { factId: string; clusterId: string }>(MEMBERS)
  const domains = db.prepare<object, [string, string]>(DOMAINS_PAGE).raw()
  const named = db.prepare<object, NamedRow>(NAMED)
  const memberCount = db.prepare<[], number>('SELECT count(*) FROM raw_members').pluck()
  function* pages(): Generator<{ after: string; last: string }> {
    let after = ''
    for (;;) {
      const last = lastOfPage.get({ after, offset: PAGE_SIZE - 1 })
      yield { after, last: last ?? LAST_ID }
      if (last === undefined) return
      after = last
    }
  }
  return {
    /** Canonical concepts, ascending by id. */
    *concepts(): Generator<LinkableConcept> {
      for (const range of pages()) {
        for (const rows of byConcept(names.all(range))) yield conceptFrom(rows)
      }
    },
    /** Rows of raw_members: at least as many as pairs of a fact and a concept. */
    memberCount: (): number => memberCount.get()!,
    /** Canonical concepts with members, ascending by id; each fact once, in no order. */
    *members(): Generator<{ conceptId: string; factIds: readonly string[] }> {
      for (const range of pages()) {
        for (const [conceptId, factIds] of memberIds.all(range)) {
          yield { conceptId, factIds: [...new Set(JSON.parse(factIds) as string[])] }
        }
      }
    },
    /** Of each canonical concept, ascending both. */
    *domains(): Generator<Pick<LinkableConcept, 'conceptId' | 'domains'>> {
      for (const range of pages()) {
        for (const rows of byConcept(domains.all(range))) {
          yield { conceptId: rows[0]![0], domains: rows.map(([, domain]) => domain) }
        }
      }
    },
    /** Ascending by fact. */
    membersOf: (conceptId: string): LinkableMember[] => byFact(members.all(conceptId)),
    *named(): Generator<NamedLink> {
      let after: object = { rawConceptId: '', targetNormalisedName: '', relType: '', clusterId: '' }
      for (;;) {
        const page = named.all({ ...after, limit: PAGE_SIZE })
        yield* page.map(namedFrom)
        if (page.length < PAGE_SIZE) return
        after = page[page.length - 1]!
      }
    },
  }
}

/** @param rows of one page, ordered by concept */
function* byConcept<Row extends readonly [string, ...unknown[]]>(rows: readonly Row[]): Generator<Row[]> {
  let start = 0
  for (let at = 1; at <= rows.length; at++) {
    if (rows[at]?.[0] === rows[start]![0]) continue
    yield rows.slice(start, at)
    start = at
  }
}

const conceptFrom = (rows: readonly NameRow[]): LinkableConcept => ({
  conceptId: rows[0]![0],
  names: ascending(rows.map(([, name]) => name)),
  aliases: ascending(rows.flatMap(([, , aliases]) => textList.parse(JSON.parse(aliases)))),
  domains: ascending(rows.map(([, , , domain]) => domain)),
})

function byFact(rows: readonly { factId: string; clusterId: string }[]): LinkableMember[] {
  const clusters = new Map<string, string[]>()
  for (const { factId, clusterId } of rows) clusters.set(factId, [...(clusters.get(factId) ?? []), clusterId])
  return [...clusters].map(([factId, clusterIds]) => ({ factId, clusterIds: ascending(clusterIds) }))
}

function namedFrom({ rawConceptId: _raw, canonicalFactId, supportFactIds, ...row }: NamedRow): NamedLink {
  const support = textList.parse(JSON.parse(supportFactIds))
  return { ...row, supportFactIds: support.length === 0 ? [canonicalFactId] : support }
}
