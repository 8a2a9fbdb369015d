/** A concept in a dozen lines: what it is, what supports it, what it hangs together with. */
import type { ConceptDossier, EdgeWithEvidence } from '../field/describe-concept.ts'
import { oneLine } from '../language/printable.ts'

const MEMBERS_SHOWN = 3
const EDGES_SHOWN = 5
const TEXT_CHARS = 100

export function describeConceptBriefly(concept: ConceptDossier): string {
  const { name, conceptId, gloss, aliases, members, outgoing, incoming } = concept
  const otherNames = aliases.filter(({ origin }) => origin !== 'name').map(({ alias }) => alias)
  const edges = [
    ...outgoing.map((edge) => [edge, `${edge.relType} ${edge.dstName}`] as const),
    ...incoming.map((edge) => [edge, `${edge.srcName} ${edge.relType} it`] as const),
  ]
  return [
    `${name}   ${conceptId}`,
    ...(gloss === '' ? [] : [`  ${oneLine(gloss, TEXT_CHARS)}`]),
    ...(otherNames.length === 0 ? [] : [`  also called ${otherNames.join(', ')}`]),
    `  members (${members.length})`,
    ...members
      .slice(0, MEMBERS_SHOWN)
      .map(
        ({ role, text, factId }) => `    ${role.padEnd(11)} ${oneLine(text ?? '', TEXT_CHARS)}  [${factId}]`,
      ),
    ...more(members.length - MEMBERS_SHOWN),
    `  edges (${edges.length})`,
    ...edges.slice(0, EDGES_SHOWN).flatMap(([edge, says]) => [`    ${says}`, ...evidenceOf(edge)]),
    ...more(edges.length - EDGES_SHOWN),
    '',
  ].join('\n')
}

/** The first piece speaks for the others. */
const evidenceOf = ({ evidence }: EdgeWithEvidence): string[] =>
  evidence
    .slice(0, 1)
    .map(({ text, factId }) => `      because: ${oneLine(text ?? '', TEXT_CHARS)}  [${factId}]`)

const more = (count: number): string[] => (count > 0 ? [`    and ${count} more`] : [])
