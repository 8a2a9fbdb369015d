/** What PassX_link reads of a field, by canonical concept. */
import { z } from 'zod'
import type { Db } from '../open.ts'

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

const CANONICALS = `
  SELECT DISTINCT concept_id AS conceptId FROM concept_map WHERE concept_id > @after ORDER BY concept_id LIMIT @limit`

// CROSS JOIN holds SQLite to the order of concept_map, which is the order asked for.
const NAMES = `
  SELECT r.normalised_name AS name, r.aliases, r.domain
  FROM concept_map k CROSS JOIN raw_concepts r ON r.concept_id = k.raw_concept_id
  WHERE k.concept_id = ?`

const MEMBERS = `
  SELECT m.fact_id AS factId, m.cluster_id AS clusterId
  FROM concept_map k CROSS JOIN raw_members m ON m.concept_id = k.raw_concept_id
  WHERE k.concept_id = ? ORDER BY m.fact_id, m.cluster_id`

const DOMAINS = `
  SELECT DISTINCT r.domain FROM concept_map k CROSS JOIN raw_concepts r ON r.concept_id = k.raw_concept_id
  WHERE k.concept_id = ? ORDER BY r.domain`

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

type NamedRow = Omit<NamedLink, 'supportFactIds'> & {
  rawConceptId: string
  supportFactIds: string
  canonicalFactId: string
}

const textList = z.array(z.string())

/** What a field holds to link. Nothing stays open between two rows, so the caller may write. */
export function linkableQueries(db: Db) {
  const canonicals = db.prepare<object, { conceptId: string }>(CANONICALS)
  const names = db.prepare<[string], { name: string; aliases: string; domain: string }>(NAMES)
  const members = db.prepare<[string], { factId: string; clusterId: string }>(MEMBERS)
  const domains = db.prepare<[string], { domain: string }>(DOMAINS)
  const named = db.prepare<object, NamedRow>(NAMED)
  return {
    /** Canonical concepts, ascending by id. */
    *concepts(): Generator<LinkableConcept> {
      let after = ''
      for (;;) {
        const page = canonicals.all({ after, limit: PAGE_SIZE })
        for (const { conceptId } of page) yield conceptFrom(conceptId, names.all(conceptId))
        if (page.length < PAGE_SIZE) return
        after = page[page.length - 1]!.conceptId
      }
    },
    /** Ascending. */
    domainsOf: (conceptId: string): string[] => domains.all(conceptId).map((row) => row.domain),
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

const conceptFrom = (
  conceptId: string,
  rows: readonly { name: string; aliases: string; domain: string }[],
): LinkableConcept => ({
  conceptId,
  names: ascending(rows.map((row) => row.name)),
  aliases: ascending(rows.flatMap((row) => textList.parse(JSON.parse(row.aliases)))),
  domains: ascending(rows.map((row) => row.domain)),
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

const ascending = (texts: readonly string[]): string[] => [...new Set(texts)].sort()
