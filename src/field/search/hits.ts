/** What is shown of a document that was found: a concept with the member that speaks for it, a fact with its concepts. */
import type { MemberRow } from '../../../db/queries/field-reading.ts'
import type { ConceptHit, FactHit } from '../../../schemas/search.ts'
import type { Hit } from './fuse.ts'
import type { SearchableField } from './open-search.ts'
import { meets, type QueryWord, tokensOf } from './query-words.ts'

/** Members that are looked through for the one that shows most of what was asked for. */
const EVIDENCE_MOST = 40

export function conceptHit(
  { reading, pages }: SearchableField,
  hit: Hit,
  words: readonly QueryWord[],
): ConceptHit {
  const concept = reading.concept(hit.candidate.id)!
  return {
    conceptId: concept.conceptId,
    name: concept.name,
    gloss: concept.gloss,
    domain: concept.domain,
    supportCount: concept.supportCount,
    memberCount: concept.memberCount,
    edgeCount: concept.edgeCount,
    scoreMillionths: hit.scoreMillionths,
    foundBy: hit.foundBy,
    evidence: evidenceOf(pages.members(concept.conceptId, '', EVIDENCE_MOST), concept.canonicalFactId, words),
  }
}

/** The member that meets most of the words; the one that the concept is named from where several do. */
function evidenceOf(
  members: readonly MemberRow[],
  canonicalFactId: string,
  words: readonly QueryWord[],
): ConceptHit['evidence'] {
  const weight = ({ factId, text }: MemberRow): number => {
    const tokens = tokensOf(text ?? '')
    const met = words.filter((word) => tokens.some((token) => meets(word, token))).length
    return 2 * met + (factId === canonicalFactId ? 1 : 0)
  }
  const best = members.reduce<MemberRow | undefined>(
    (known, member) => (known === undefined || weight(member) > weight(known) ? member : known),
    undefined,
  )
  return best === undefined
    ? null
    : { factId: best.factId, text: best.text, source: best.source, domain: best.domain }
}

export function factHit(
  { pages, origins }: SearchableField,
  { candidate, scoreMillionths, foundBy }: Hit,
): FactHit {
  const fact = pages.factText(candidate.id)
  return {
    factId: candidate.id,
    text: fact?.text ?? null,
    source: fact?.source ?? null,
    domain: fact?.domain ?? null,
    scoreMillionths,
    foundBy,
    concepts: origins
      .memberships(candidate.id)
      .map(({ conceptId, name, role }) => ({ conceptId, name, role })),
  }
}
