/** A field as rows for others: texts and sources beside the ids, sorted by id, page by page. */
import type { FactRelationRow } from '../../../db/queries/field-reading.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type {
  exportedConceptSchema,
  exportedEdgeSchema,
  exportedFactSchema,
} from '../../../schemas/output/export.ts'
import { duplicatesOf } from '../describe-concept.ts'
import type { Field } from '../open-field.ts'

export type ExportedFact = Inferred<typeof exportedFactSchema>

export type ExportedConcept = Inferred<typeof exportedConceptSchema>

export type ExportedEdge = Inferred<typeof exportedEdgeSchema>

/** A relation between two facts. */
export interface ExportedFactRelation {
  readonly src_fact_id: string
  readonly rel_type: string
  readonly dst_fact_id: string
  readonly support_count: number
}

/** What every format is made from; each can be read more than once. */
export interface ExportedRows {
  concepts(): Iterable<ExportedConcept>
  edges(): Iterable<ExportedEdge>
  factRelations(): Iterable<ExportedFactRelation>
}

const ROWS_PER_PAGE = 500

export const exportedRows = ({ reading }: Field): ExportedRows => ({
  *concepts() {
    for (let page = reading.conceptsAfter('', ROWS_PER_PAGE); page.length > 0; ) {
      for (const concept of page) yield exportedConcept(reading, concept)
      page = reading.conceptsAfter(page.at(-1)!.conceptId, ROWS_PER_PAGE)
    }
  },
  *edges() {
    for (let page = reading.edgesAfter('', ROWS_PER_PAGE); page.length > 0; ) {
      for (const edge of page) yield exportedEdge(reading, edge)
      page = reading.edgesAfter(page.at(-1)!.edgeId, ROWS_PER_PAGE)
    }
  },
  *factRelations() {
    for (let page = reading.factRelationsAfter(undefined, ROWS_PER_PAGE); page.length > 0; ) {
      for (const row of page) yield exportedRelation(row)
      page = reading.factRelationsAfter(page.at(-1), ROWS_PER_PAGE)
    }
  },
})

type Reading = Field['reading']
type Fact = { factId: string; domain: string | null; text: string | null; source: string | null }

const exportedFact = ({ factId, domain, text, source }: Fact): ExportedFact => ({
  fact_id: factId,
  domain,
  text,
  source,
})

const exportedConcept = (
  reading: Reading,
  row: ReturnType<Reading['conceptsAfter']>[number],
): ExportedConcept => ({
  concept_id: row.conceptId,
  name: row.name,
  gloss: row.gloss,
  domain: row.domain,
  canonical_fact_id: row.canonicalFactId,
  support_count: row.supportCount,
  aliases: reading
    .aliases(row.conceptId)
    .map(({ alias, origin, supportCount }) => ({ alias, origin, support_count: supportCount })),
  members: reading.members(row.conceptId).map((member) => ({
    ...exportedFact(member),
    dup_group_id: member.dupGroupId,
    role: member.role,
    support_count: member.supportCount,
    duplicates: duplicatesOf(reading, member).map(exportedFact),
  })),
})

const exportedEdge = (reading: Reading, row: ReturnType<Reading['edgesAfter']>[number]): ExportedEdge => ({
  edge_id: row.edgeId,
  src_concept_id: row.srcConceptId,
  src_name: row.srcName,
  rel_type: row.relType,
  dst_concept_id: row.dstConceptId,
  dst_name: row.dstName,
  score_millionths: row.scoreMillionths,
  support_count: row.supportCount,
  evidence: reading.evidence(row.edgeId).map((piece) => ({
    ...exportedFact(piece),
    cluster_id: piece.clusterId,
    evidence: piece.evidence,
  })),
})

const exportedRelation = (row: FactRelationRow): ExportedFactRelation => ({
  src_fact_id: row.srcFactId,
  rel_type: row.relType,
  dst_fact_id: row.dstFactId,
  support_count: row.supportCount,
})
