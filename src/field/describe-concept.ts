/** Everything that a field knows of one concept or one edge, with its provenance down to the fact. */
import type { OriginRow } from '../../db/queries/field-origins.ts'
import type { DuplicateRow, EdgeRow, MemberRow } from '../../db/queries/field-reading.ts'
import type { Inferred } from '../../schemas/inferred.ts'
import type {
  conceptDossierSchema,
  edgeDossierSchema,
  edgeWithEvidenceSchema,
  glossCandidateSchema,
} from '../../schemas/output/inspect.ts'
import type { Field } from './open-field.ts'

export type EdgeWithEvidence = Inferred<typeof edgeWithEvidenceSchema>

export type GlossCandidate = Inferred<typeof glossCandidateSchema>

export type ConceptDossier = Inferred<typeof conceptDossierSchema>

export type EdgeDossier = Inferred<typeof edgeDossierSchema>

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
