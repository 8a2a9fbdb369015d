/** A concept, with the first pages of what belongs to it. */
import type { EdgePlace, SeenEdge } from '../../../db/queries/field-pages.ts'
import type { EvidenceRow } from '../../../db/queries/field-reading.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { ConceptPage, EdgePage, EvidencePage, MemberPage } from '../../../schemas/page/field.ts'
import { glossesOf } from '../../field/describe-concept.ts'
import type { Field } from '../../field/open-field.ts'

const MEMBERS_A_PAGE = 50
const EDGES_A_PAGE = 50
const EVIDENCE_A_PAGE = 20
/** A concept of a thousand clusters has as many glosses; a reader needs the leading ones. */
const GLOSSES_MOST = 10

/** @throws RffError not_found */
export function conceptView(
  { field, fieldTag }: { readonly field: Field; readonly fieldTag: string },
  conceptId: string,
): ConceptPage {
  const canonicalId = field.origins.canonicalOf(conceptId)?.conceptId ?? conceptId
  const concept = field.reading.concept(canonicalId)
  if (concept === undefined)
    throw new RffError('not_found', `there is no concept ${conceptId} in field ${fieldTag}`)
  const { canonicalFactId: _, ...shown } = concept
  return {
    fieldTag,
    ...shown,
    aliases: field.reading
      .aliases(canonicalId)
      .map(({ alias, origin, supportCount }) => ({ alias, origin, supportCount })),
    glosses: glossesOf(field.origins.origins(canonicalId))
      .slice(0, GLOSSES_MOST)
      .map(({ gloss, clusterIds }) => ({ gloss, clusters: clusterIds.length })),
    vetoes: field.origins.vetoes(canonicalId),
    members: memberPage(field, canonicalId, ''),
    outgoing: edgePage(field, canonicalId, 'out', null),
    incoming: edgePage(field, canonicalId, 'in', null),
  }
}

export function memberPage({ pages }: Field, conceptId: string, after: string): MemberPage {
  const rows = pages.members(conceptId, after, MEMBERS_A_PAGE)
  return {
    members: rows.map(({ dupGroupId: _, ...row }) => row),
    after: rows.length < MEMBERS_A_PAGE ? null : rows.at(-1)!.factId,
  }
}

export function edgePage(
  { pages }: Field,
  conceptId: string,
  direction: SeenEdge['direction'],
  after: string | null,
): EdgePage {
  const edges = pages.edges(conceptId, direction, null, placeOf(after), EDGES_A_PAGE)
  const last = edges.at(-1)
  return {
    edges,
    after:
      last === undefined || edges.length < EDGES_A_PAGE
        ? null
        : `${last.supportCount}:${last.scoreMillionths}:${last.edgeId}`,
  }
}

/** @throws RffError usage */
function placeOf(after: string | null): EdgePlace | undefined {
  if (after === null) return undefined
  const [, support, score, edgeId] = /^(\d+):(\d+):(.+)$/.exec(after) ?? []
  if (edgeId === undefined) throw new RffError('usage', `after is ${after}, expected the end of another page`)
  return { supportCount: Number(support), scoreMillionths: Number(score), edgeId }
}

type EvidencePlace = Pick<EvidenceRow, 'factId' | 'clusterId' | 'evidence'>

export function evidencePage({ pages }: Field, edgeId: string, after: string | null): EvidencePage {
  const from = after === null ? undefined : (JSON.parse(after) as EvidencePlace)
  const evidence = pages.evidence(edgeId, from, EVIDENCE_A_PAGE)
  const last = evidence.at(-1)
  return {
    evidence,
    after:
      last === undefined || evidence.length < EVIDENCE_A_PAGE
        ? null
        : JSON.stringify({ factId: last.factId, clusterId: last.clusterId, evidence: last.evidence }),
  }
}
