/** Everything that a field knows of one concept or one edge, with its provenance down to the fact. */
import type { OriginRow, ScoreRow, VetoRow } from '../../db/queries/field-origins.ts'
import type {
  AliasRow,
  ConceptRow,
  DuplicateRow,
  EdgeRow,
  EvidenceRow,
  MemberRow,
} from '../../db/queries/field-reading.ts'
import type { Field } from './open-field.ts'

export interface EdgeWithEvidence extends EdgeRow {
  readonly evidence: readonly EvidenceRow[]
}

export interface MemberWithDuplicates extends MemberRow {
  /** Other facts that say the same. */
  readonly duplicates: readonly DuplicateRow[]
}

export interface GlossCandidate {
  readonly gloss: string
  readonly clusterIds: readonly string[]
}

export interface ConceptDossier extends ConceptRow {
  readonly aliases: readonly AliasRow[]
  readonly members: readonly MemberWithDuplicates[]
  readonly outgoing: readonly EdgeWithEvidence[]
  readonly incoming: readonly EdgeWithEvidence[]
  /** Most clusters first, then by text; the first is the concept's own unless a tie was broken by id. */
  readonly glosses: readonly GlossCandidate[]
  /** What each cluster that supports it called it. */
  readonly origins: readonly OriginRow[]
  readonly vetoes: readonly VetoRow[]
}

export interface EdgeDossier extends EdgeWithEvidence {
  readonly scores: readonly ScoreRow[]
}

export function describeConcept({ reading, origins }: Field, conceptId: string): ConceptDossier | undefined {
  const concept = reading.concept(conceptId)
  if (concept === undefined) return undefined
  const withEvidence = (edge: EdgeRow): EdgeWithEvidence => ({
    ...edge,
    evidence: reading.evidence(edge.edgeId),
  })
  const said = origins.origins(conceptId)
  return {
    ...concept,
    aliases: reading.aliases(conceptId),
    members: reading
      .members(conceptId)
      .map((member) => ({ ...member, duplicates: duplicatesOf(reading, member) })),
    outgoing: reading.outgoing(conceptId).map(withEvidence),
    incoming: reading.incoming(conceptId).map(withEvidence),
    glosses: glossesOf(said),
    origins: said,
    vetoes: origins.vetoes(conceptId),
  }
}

export function describeEdge({ reading, origins }: Field, edgeId: string): EdgeDossier | undefined {
  const edge = reading.edge(edgeId)
  return edge && { ...edge, evidence: reading.evidence(edgeId), scores: origins.scores(edgeId) }
}

/** Most facts have none, and the field knows it. */
export const duplicatesOf = (reading: Field['reading'], member: MemberRow): DuplicateRow[] =>
  member.duplicateCount === 0 ? [] : reading.duplicates(member)

export function glossesOf(said: readonly OriginRow[]): GlossCandidate[] {
  const clusters = new Map<string, string[]>()
  for (const { gloss, clusterId } of said) clusters.set(gloss, [...(clusters.get(gloss) ?? []), clusterId])
  return [...clusters]
    .map(([gloss, clusterIds]) => ({ gloss, clusterIds }))
    .sort((a, b) => b.clusterIds.length - a.clusterIds.length || (a.gloss < b.gloss ? -1 : 1))
}
