/** Tables that a merge treats alike, with their columns in the order of their keys. */

export interface TableShape {
  readonly name: string
  /** The primary key, in its order. */
  readonly key: readonly string[]
  readonly others: readonly string[]
}

/** What a shard's delta table and the field's raw table of the same rows have in common. */
export interface RawTable extends TableShape {
  readonly deltaName: string
}

export const columnsOf = ({ key, others }: TableShape): readonly string[] => [...key, ...others]

export const RAW_TABLES: readonly RawTable[] = [
  {
    name: 'raw_concepts',
    deltaName: 'delta_concepts',
    key: ['concept_id', 'cluster_id'],
    others: ['name', 'normalised_name', 'gloss', 'aliases', 'domain', 'canonical_fact_id'],
  },
  {
    name: 'raw_members',
    deltaName: 'delta_members',
    key: ['concept_id', 'fact_id', 'cluster_id'],
    others: ['dup_group_id', 'role'],
  },
  {
    name: 'raw_edges',
    deltaName: 'delta_edges',
    key: ['concept_id', 'src_fact_id', 'dst_fact_id', 'rel_type', 'cluster_id'],
    others: ['support_fact_ids'],
  },
  {
    name: 'raw_links',
    deltaName: 'delta_links',
    key: ['concept_id', 'target_normalised_name', 'rel_type', 'cluster_id'],
    others: ['target_name', 'support_fact_ids'],
  },
]

/** The same rows under the names that they have in a shard file. */
export const DELTA_TABLES: readonly TableShape[] = RAW_TABLES.map(({ deltaName, key, others }) => ({
  name: deltaName,
  key,
  others,
}))

/** What is published, and so what the field's digest is taken over, in this order. */
export const PUBLISHED_TABLES: readonly TableShape[] = [
  {
    name: 'concepts',
    key: ['concept_id'],
    others: ['name', 'gloss', 'domain', 'canonical_fact_id', 'support_count', 'member_count', 'edge_count'],
  },
  {
    name: 'aliases',
    key: ['concept_id', 'normalised_alias'],
    others: ['alias', 'origin', 'support_count'],
  },
  {
    name: 'members',
    key: ['concept_id', 'fact_id'],
    others: ['dup_group_id', 'role', 'support_count', 'duplicate_count'],
  },
  { name: 'fact_edges', key: ['src_fact_id', 'dst_fact_id', 'rel_type'], others: ['support_count'] },
  {
    name: 'edges',
    key: ['edge_id'],
    others: ['src_concept_id', 'dst_concept_id', 'rel_type', 'score_millionths', 'support_count'],
  },
  { name: 'edge_support', key: ['edge_id', 'fact_id', 'cluster_id', 'evidence'], others: [] },
]
