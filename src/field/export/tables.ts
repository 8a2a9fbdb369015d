/** A field as flat tables, for formats that know rows and columns: one pass over the field fills all of them. */
import type { ExportedConcept, ExportedEdge, ExportedFact, ExportedRows } from './exported-rows.ts'

export type Cell = string | number | null

export interface ExportTable {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: 'text' | 'integer' }[]
}

const text = (...names: string[]) => names.map((name) => ({ name, type: 'text' as const }))
const integer = (name: string) => ({ name, type: 'integer' as const })
const FACT = text('fact_id', 'domain', 'text', 'source')

export const TABLES = {
  concepts: {
    name: 'concepts',
    columns: [
      ...text('concept_id', 'name', 'gloss', 'domain', 'canonical_fact_id'),
      integer('support_count'),
    ],
  },
  aliases: {
    name: 'aliases',
    columns: [...text('concept_id', 'alias', 'origin'), integer('support_count')],
  },
  members: {
    name: 'members',
    columns: [...text('concept_id'), ...FACT, ...text('dup_group_id', 'role'), integer('support_count')],
  },
  duplicates: {
    name: 'duplicates',
    columns: [...text('concept_id', 'of_fact_id'), ...FACT],
  },
  edges: {
    name: 'edges',
    columns: [
      ...text('edge_id', 'src_concept_id', 'src_name', 'rel_type', 'dst_concept_id', 'dst_name'),
      integer('score_millionths'),
      integer('support_count'),
    ],
  },
  evidence: {
    name: 'evidence',
    columns: [...text('edge_id', 'cluster_id', 'evidence'), ...FACT],
  },
  fact_relations: {
    name: 'fact_relations',
    columns: [...text('src_fact_id', 'rel_type', 'dst_fact_id'), integer('support_count')],
  },
} as const satisfies Record<string, ExportTable>
export type TableName = keyof typeof TABLES

/** In the order of their ids, the rows of a concept or an edge together. Cells stand in the order of the columns. */
export function* tableRows(rows: ExportedRows): Generator<readonly [TableName, readonly Cell[]]> {
  for (const concept of rows.concepts()) yield* conceptRows(concept)
  for (const edge of rows.edges()) yield* edgeRows(edge)
  for (const row of rows.factRelations())
    yield ['fact_relations', [row.src_fact_id, row.rel_type, row.dst_fact_id, row.support_count]]
}

const factCells = (fact: ExportedFact): Cell[] => [fact.fact_id, fact.domain, fact.text, fact.source]

function* conceptRows(concept: ExportedConcept): Generator<readonly [TableName, readonly Cell[]]> {
  const { concept_id: id } = concept
  yield [
    'concepts',
    [id, concept.name, concept.gloss, concept.domain, concept.canonical_fact_id, concept.support_count],
  ]
  for (const { alias, origin, support_count } of concept.aliases)
    yield ['aliases', [id, alias, origin, support_count]]
  for (const member of concept.members) {
    yield ['members', [id, ...factCells(member), member.dup_group_id, member.role, member.support_count]]
    for (const duplicate of member.duplicates)
      yield ['duplicates', [id, member.fact_id, ...factCells(duplicate)]]
  }
}

function* edgeRows(edge: ExportedEdge): Generator<readonly [TableName, readonly Cell[]]> {
  yield [
    'edges',
    [
      edge.edge_id,
      edge.src_concept_id,
      edge.src_name,
      edge.rel_type,
      edge.dst_concept_id,
      edge.dst_name,
      edge.score_millionths,
      edge.support_count,
    ],
  ]
  for (const piece of edge.evidence)
    yield ['evidence', [edge.edge_id, piece.cluster_id, piece.evidence, ...factCells(piece)]]
}
