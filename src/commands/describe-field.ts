/** A fact, a concept or an edge as a person reads it. */
import type { EvidenceRow } from '../../db/queries/field-reading.ts'
import type { FactDossier } from '../control/inspect/inspect-fact.ts'
import type { ConceptDossier, EdgeDossier, EdgeWithEvidence } from '../field/describe-concept.ts'
import { plural } from '../language/counted.ts'
import { oneLine } from '../language/printable.ts'
import { properties, section } from './paragraphs.ts'

const TEXT_CHARS = 120

export function describeFact(fact: FactDossier): string {
  const places = fact.clusters.map(
    ({ clusterId, i, standing, seedFactId, shardNo, standsAt }) =>
      `${clusterId}  [${i}] ${standing} beside seed ${seedFactId}  shard ${shardNo ?? 'none'}: ${standsAt}`,
  )
  return [
    ...properties([
      ['fact', fact.factId],
      ['text', fact.text],
      ['domain', fact.domain],
      ['source', fact.source],
      ['read from', `${fact.input}, line ${fact.lineNumber}, byte ${fact.byteOffset}`],
      ['state', fact.state],
      ['key', fact.key],
      ['is', fact.role ?? 'not covered by a plan yet'],
      ['spoken for by', fact.representativeFactId],
    ]),
    ...section(
      'says the same',
      fact.group.map(
        ({ factId, text, state }) => `${factId}${state === 'live' ? '' : ' (removed)'}  ${text}`,
      ),
    ),
    ...section('clusters', places),
    ...section(
      `member of concepts in field ${fact.fieldTag}`,
      fact.concepts.map(({ conceptId, name, role }) => `${conceptId}  ${name}  as ${role}`),
    ),
    ...section(
      'relations to other facts',
      fact.relations.map((row) => `${row.srcFactId} ${row.relType} ${row.dstFactId}`),
    ),
    ...section(
      'evidence for edges',
      fact.supports.map(
        (row) =>
          `${row.edgeId}  ${row.srcName} ${row.relType} ${row.dstName}  (${row.evidence}, ${row.clusterId})`,
      ),
    ),
  ].join('\n')
}

export function describeConceptPage(concept: ConceptDossier & { fieldTag: string }): string {
  const members = concept.members.flatMap(({ factId, role, text, source, duplicates }) => [
    `${role.padEnd(11)}  ${oneLine(text ?? '(not in the corpus)', TEXT_CHARS)}  (${factId}; ${source ?? ''})`,
    ...duplicates.map((row) => `  the same:    ${oneLine(row.text ?? '', TEXT_CHARS)}  (${row.factId})`),
  ])
  const otherGlosses = concept.glosses.filter(({ gloss }) => gloss !== concept.gloss)
  return [
    ...properties([
      ['concept', concept.conceptId],
      ['name', concept.name],
      ['gloss', concept.gloss],
      [
        'also called',
        concept.aliases
          .filter(({ origin }) => origin !== 'name')
          .map(({ alias }) => alias)
          .join(', '),
      ],
      ['domain', concept.domain],
      ['field', concept.fieldTag],
      ['supported by', plural(concept.supportCount, 'cluster')],
    ]),
    ...section('members', members),
    ...section(
      'edges from it',
      concept.outgoing.flatMap((edge) => edgeLines(edge, `${edge.relType} ${edge.dstName}`)),
    ),
    ...section(
      'edges to it',
      concept.incoming.flatMap((edge) => edgeLines(edge, `${edge.srcName} ${edge.relType} it`)),
    ),
    ...section(
      'other glosses',
      otherGlosses.map(({ gloss, clusterIds }) => `${gloss}  (${plural(clusterIds.length, 'cluster')})`),
    ),
    ...section(
      'clusters',
      concept.origins.map(
        ({ clusterId, name, reason, via }) =>
          `${clusterId}  called it ${name}${reason === 'self' ? '' : `; counted here by ${reason}: ${via}`}`,
      ),
    ),
    ...section(
      'names that were kept apart from it',
      concept.vetoes.map(({ otherConceptId, reason, via }) => `${otherConceptId}  ${reason}: ${via}`),
    ),
  ].join('\n')
}

const evidenceLine = ({ evidence, text, factId, clusterId }: EvidenceRow): string =>
  `${evidence}: ${oneLine(text ?? '', TEXT_CHARS)}  (${factId}, ${clusterId})`

const edgeLines = ({ edgeId, evidence }: EdgeWithEvidence, says: string): string[] => [
  `${says}  ${edgeId}`,
  ...evidence.map((row) => `  ${evidenceLine(row)}`),
]

export function describeEdgePage(edge: EdgeDossier & { fieldTag: string }): string {
  return [
    ...properties([
      ['edge', edge.edgeId],
      ['says', `${edge.srcName} ${edge.relType} ${edge.dstName}`],
      ['from', edge.srcConceptId],
      ['to', edge.dstConceptId],
      ['field', edge.fieldTag],
      ['score', `${edge.scoreMillionths} of 1000000`],
      ['supported by', plural(edge.supportCount, 'cluster')],
    ]),
    ...section('evidence', edge.evidence.map(evidenceLine)),
    ...section(
      'how it was scored',
      edge.scores.map(
        ({ scoreMillionths, parts, flags }) =>
          `${scoreMillionths} = ${JSON.stringify(parts)}${flags.length === 0 ? '' : `  flagged: ${flags.join(', ')}`}`,
      ),
    ),
  ].join('\n')
}
