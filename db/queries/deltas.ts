/** What the clusters of a shard add to the field. A cluster's rows are replaced together or not at all. */
import type { DeltaConcept, DeltaEdge, DeltaLink, DeltaMember, Material } from '../../schemas/delta.ts'
import type { Db } from '../open.ts'
import { prepareNamed } from '../prepare-named.ts'

const TABLES = ['delta_concepts', 'delta_members', 'delta_edges', 'delta_links'] as const

const CONCEPT = `
  INSERT INTO delta_concepts
    (concept_id, cluster_id, name, normalised_name, gloss, aliases, domain, canonical_fact_id)
  VALUES (@conceptId, @clusterId, @name, @normalisedName, @gloss, @aliases, @domain, @canonicalFactId)`

const MEMBER = `
  INSERT INTO delta_members (concept_id, fact_id, cluster_id, dup_group_id, role)
  VALUES (@conceptId, @factId, @clusterId, @dupGroupId, @role)`

const EDGE = `
  INSERT INTO delta_edges (concept_id, src_fact_id, dst_fact_id, rel_type, cluster_id, support_fact_ids)
  VALUES (@conceptId, @srcFactId, @dstFactId, @relType, @clusterId, @supportFactIds)`

const LINK = `
  INSERT INTO delta_links
    (concept_id, target_normalised_name, rel_type, cluster_id, target_name, support_fact_ids)
  VALUES (@conceptId, @targetNormalisedName, @relType, @clusterId, @targetName, @supportFactIds)`

export function deltaQueries(db: Db) {
  const removals = TABLES.map((table) => db.prepare(`DELETE FROM ${table} WHERE cluster_id = ?`))
  const concept = prepareNamed(db, CONCEPT)
  const member = prepareNamed(db, MEMBER)
  const edge = prepareNamed(db, EDGE)
  const link = prepareNamed(db, LINK)
  const remove = (clusterId: string): void => {
    for (const removal of removals) removal.run(clusterId)
  }
  return {
    remove,
    /** Replaces what the cluster had added before. */
    replace(material: Material): void {
      remove(material.concept.clusterId)
      concept.run({ ...material.concept, aliases: JSON.stringify(material.concept.aliases) })
      for (const row of material.members) member.run(row)
      for (const row of material.edges)
        edge.run({ ...row, supportFactIds: JSON.stringify(row.supportFactIds) })
      for (const row of material.links)
        link.run({ ...row, supportFactIds: JSON.stringify(row.supportFactIds) })
    },
  }
}

type Stored<T> = { [K in keyof T]: T[K] extends readonly string[] ? string : T[K] }

/** Reads back what `replace` wrote. */
export function storedDeltas(db: Db) {
  const all = <T>(table: string, list: string) =>
    db.prepare<[string], Stored<T>>(
      `SELECT cluster_id AS clusterId, concept_id AS conceptId, ${list} FROM ${table} WHERE cluster_id = ?`,
    )
  const concept = all<DeltaConcept>(
    'delta_concepts',
    'name, normalised_name AS normalisedName, gloss, aliases, domain, canonical_fact_id AS canonicalFactId',
  )
  const members = all<DeltaMember>('delta_members', 'fact_id AS factId, dup_group_id AS dupGroupId, role')
  const edges = all<DeltaEdge>(
    'delta_edges',
    'src_fact_id AS srcFactId, dst_fact_id AS dstFactId, rel_type AS relType, support_fact_ids AS supportFactIds',
  )
  const links = all<DeltaLink>(
    'delta_links',
    `target_name AS targetName, target_normalised_name AS targetNormalisedName, rel_type AS relType,
     support_fact_ids AS supportFactIds`,
  )
  const total = TABLES.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')
  return {
    /** One concept where the cluster was written; in no order. */
    of: (clusterId: string) => ({
      concepts: concept
        .all(clusterId)
        .map((row) => ({ ...row, aliases: JSON.parse(row.aliases) as string[] })),
      members: members.all(clusterId),
      edges: edges.all(clusterId).map(withSupport),
      links: links.all(clusterId).map(withSupport),
    }),
    /** Rows of all four tables. */
    count: (): number => db.prepare<[], number>(`SELECT ${total}`).pluck().get()!,
  }
}

const withSupport = <T extends { supportFactIds: string }>(row: T) => ({
  ...row,
  supportFactIds: JSON.parse(row.supportFactIds) as string[],
})
