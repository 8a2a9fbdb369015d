/** What the clusters of a shard add to the field. A cluster's rows are replaced together or not at all. */
import type { Material } from '../../schemas/delta.ts'
import type { Db } from '../open.ts'

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
  const concept = db.prepare(CONCEPT)
  const member = db.prepare(MEMBER)
  const edge = db.prepare(EDGE)
  const link = db.prepare(LINK)
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
