/** The figures of an evaluation as tables, and some cases of each kind to read; of two fields side by side. */
import type { FieldCounts } from '../../schemas/manifest.ts'
import type { NeighbourRecall } from '../control/neighbours/measure-neighbours.ts'
import type { Comparison, OnlyOne } from '../field/eval/compare-evaluations.ts'
import type { Evaluation } from '../field/eval/evaluate-field.ts'
import type { ShownMerge, ShownPair } from '../field/eval/show-cases.ts'
import { count, plural } from '../language/counted.ts'
import { oneLine } from '../language/printable.ts'
import { perCent, percent } from './format.ts'
import { type Column, table } from './table.ts'

export interface NamedEvaluation extends Evaluation {
  readonly fieldTag: string
  readonly fieldDigest: string
  readonly isComplete: boolean
  readonly counts: FieldCounts
}

const TEXT_CHARS = 110

/** @param fields one, or two that were measured against the same gold */
export function describeEvaluations(fields: readonly NamedEvaluation[]): string {
  const parts = [
    tableOf(['field', 'concepts', 'members', 'edges', 'between facts', 'complete'], fields, (field) => [
      [
        ...[field.counts.concepts, field.counts.members, field.counts.edges, field.counts.fact_edges].map(
          count,
        ),
        field.isComplete ? 'yes' : 'no',
      ],
    ]),
    typesTable(fields),
    unmeasured(fields[0]!),
    identitiesTable(fields),
    wrongMergesTable(fields),
    lookAlikesTable(fields),
    treesTable(fields),
    ...(fields.length === 1 ? samplesOf(fields[0]!) : []),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

/** Rows of all fields, those about the same thing beside each other; the tag stands first. */
function tableOf(
  headings: readonly string[],
  fields: readonly NamedEvaluation[],
  rowsOf: (field: NamedEvaluation) => readonly (readonly string[])[],
): string {
  const rows = fields.flatMap((field) => rowsOf(field).map((cells) => [field.fieldTag, ...cells]))
  if (rows.length === 0) return ''
  const columns: Column[] = headings.map((heading, at) => ({ heading, isNumber: at > 1 }))
  // Stable, so that of one subject the fields keep their order.
  if (fields.length > 1 && rows.length > fields.length)
    rows.sort(([, a = ''], [, b = '']) => (a < b ? -1 : a > b ? 1 : 0))
  return table(columns, rows)
}

const ratio = (value: number | null): string => (value === null ? '–' : percent(value))

const typesTable = (fields: readonly NamedEvaluation[]): string =>
  tableOf(
    'field,relation,gold,in a cluster,in the field,said,found,implied,precision,by edge,recall,F1,only in one concept'.split(
      ',',
    ),
    fields,
    ({ types }) =>
      types.map((score) => [
        score.relType,
        ...[score.gold, score.inOneCluster, score.inField, score.predicted, score.found, score.implied].map(
          count,
        ),
        ...[score.precision, score.precisionByEdge, score.recall, score.f1].map(ratio),
        count(score.inOneConcept),
      ]),
  )

/** The gold of both fields is the same. */
function unmeasured({ gold }: NamedEvaluation): string {
  const lines: string[] = []
  const left = gold.filter(({ measuredAs, pairs }) => measuredAs === null && pairs > 0)
  if (left.length > 0)
    lines.push(
      `not measured as a relation: ${left.map(({ relation, pairs }) => `${relation} ${count(pairs)}`).join(', ')}`,
    )
  const unknown = gold.reduce((sum, one) => sum + one.unknown, 0)
  if (unknown > 0)
    lines.push(
      `${plural(unknown, 'line')} of the gold ${unknown === 1 ? 'names' : 'name'} a fact that the corpus does not have`,
    )
  return lines.join('\n')
}

const identitiesTable = (fields: readonly NamedEvaluation[]): string =>
  tableOf('field,one thing,by the plan,in one concept,apart,lost,met'.split(','), fields, ({ identities }) =>
    identities.map(({ relation, inOneGroup, inOneConcept, apart, lost, metShare }) => [
      relation,
      ...[inOneGroup, inOneConcept, apart, lost].map(count),
      ratio(metShare),
    ]),
  )

const wrongMergesTable = (fields: readonly NamedEvaluation[]): string =>
  tableOf('field,two things,gold,taken for one,share,by'.split(','), fields, ({ wrongMerges }) =>
    wrongMerges.counts.map(({ relation, gold, merged, by }) => [
      relation,
      count(gold),
      count(merged),
      perCent(merged, gold),
      waysOf(by),
    ]),
  )

const lookAlikesTable = (fields: readonly NamedEvaluation[]): string =>
  tableOf('field,look-alikes,in one concept,taken for one,by'.split(','), fields, ({ lookAlikes }) => [
    ['pairs', count(lookAlikes.pairs), count(lookAlikes.merged), waysOf(lookAlikes.by)],
  ])

const waysOf = (by: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(by)
    .map(([way, merged]) => `${way} ${count(merged ?? 0)}`)
    .join(', ')

const treesTable = (fields: readonly NamedEvaluation[]): string =>
  tableOf('field,of one tree,pairs,in one cluster,in one concept'.split(','), fields, ({ trees }) =>
    trees === null
      ? []
      : (['leaves', 'distractors'] as const).map((kind) => {
          const { pairs, inOneCluster, inOneConcept } = trees[kind]
          const name = kind === 'leaves' ? 'two leaves' : 'a leaf and a distractor'
          return [name, count(pairs), perCent(inOneCluster, pairs), perCent(inOneConcept, pairs)]
        }),
  )

export const describeNeighbours = ({ neighbourCount, facts, relations }: NeighbourRecall): string =>
  [
    `among the ${count(neighbourCount)} nearest of ${plural(facts, 'fact')}, whatever field is measured`,
    relations.length === 0
      ? 'no pair of the gold stands in the corpus'
      : table(
          ['relation', 'pairs', 'found', 'recall', 'asked each way'].map((heading, at) => ({
            heading,
            isNumber: at > 0,
          })),
          relations.map(({ relation, pairs, found, recall, directedRecall }) => [
            relation,
            count(pairs),
            count(found),
            percent(recall),
            percent(directedRecall),
          ]),
        ),
  ].join('\n')

function samplesOf({ types, identities, wrongMerges, lookAlikes }: NamedEvaluation): string[] {
  return [
    ...types.flatMap(({ relType, samples }) => [
      sample(`said and not in the gold: ${relType}`, samples.wrong.map(pairLines)),
      sample(`in the gold and not said: ${relType}`, samples.missed.map(pairLines)),
    ]),
    ...identities.map(({ relation, samples }) => sample(`apart: ${relation}`, samples.apart.map(pairLines))),
    sample('two things taken for one', wrongMerges.samples.map(mergeLines)),
    sample('look-alikes taken for one', lookAlikes.samples.map(mergeLines)),
  ]
}

export function describeComparison(
  [here, there]: readonly NamedEvaluation[],
  { found, met, wronglyMerged }: Comparison,
): string {
  const tags = [here!.fieldTag, there!.fieldTag] as const
  return [
    ...bothSides('found', found, tags, pairLines),
    ...bothSides('met', met, tags, pairLines),
    ...bothSides('wrongly taken for one', wronglyMerged, tags, mergeLines),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const bothSides = <Case>(
  what: string,
  { here, there }: { here: OnlyOne<Case>; there: OnlyOne<Case> },
  [hereTag, thereTag]: readonly [string, string],
  lines: (one: Case) => string[],
): string[] =>
  (
    [
      [hereTag, here],
      [thereTag, there],
    ] as const
  ).map(([tag, only]) =>
    only.count === 0
      ? `${what} only by ${tag}: none`
      : sample(`${what} only by ${tag}: ${count(only.count)}`, only.samples.map(lines)),
  )

const sample = (heading: string, cases: readonly string[][]): string =>
  cases.length === 0 ? '' : [heading, ...cases.flat().map((line) => `  ${line}`)].join('\n')

const factLine = ({ factId, text }: ShownPair['src']): string => `${oneLine(text, TEXT_CHARS)}  [${factId}]`

const pairLines = ({ relation, src, dst }: ShownPair): string[] => [
  factLine(src),
  `  ${relation}  ${factLine(dst)}`,
]

const mergeLines = (merge: ShownMerge): string[] => [
  ...pairLines(merge),
  `  both are ${merge.conceptName || 'the same'}, by ${merge.by}${merge.via === '' ? '' : ` (${oneLine(merge.via, TEXT_CHARS)})`}  ${merge.conceptId}`.trimEnd(),
]
