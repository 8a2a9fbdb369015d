import type { GateUnit, GateVerdict } from '../../../schemas/gate.ts'
import type { AgainstBase, FieldMetrics, Health, RunMetrics } from '../../../schemas/health.ts'
import { count, isOrAre, plural } from '../../language/counted.ts'

/** `health.md`: what the field is, how it stands against the one before, what the gates say, what to look at. */
export function writeHealthPage(health: Health): string {
  const { field_tag, against_base, field, run, gates } = health
  return [
    `# Health of field ${field_tag}`,
    verdictLine(gates),
    section('Gates', gateTable(gates)),
    section('To look at', lookAt(health)),
    section('The field', fieldTable(field, against_base)),
    section('Shape', shape(field)),
    section('Relation types', relationTable(field)),
    section('Links', links(field)),
    section('The runs', runTable(run.all, run.last_run)),
    section('Error codes', codeTable(run.all)),
    section('Latency', latencyTable(run.all)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

const section = (title: string, body: string): string => (body === '' ? '' : `## ${title}\n\n${body}`)

function verdictLine(gates: readonly GateVerdict[]): string {
  const failed = gates.filter(({ passed }) => !passed)
  const blocking = failed.filter(({ severity }) => severity === 'block')
  if (blocking.length > 0) return `**Blocked** by ${namesOf(blocking)}.`
  if (failed.length > 0) return `Healthy, with a remark: ${namesOf(failed)}.`
  return 'Healthy: every gate is passed.'
}

const namesOf = (gates: readonly GateVerdict[]): string => gates.map(({ name }) => name).join(', ')

function gateTable(gates: readonly GateVerdict[]): string {
  const rows = gates.map((gate) => [
    gate.name,
    gate.passed ? 'passed' : `FAILED (${gate.severity})`,
    amount(gate.observed_millionths, gate.unit),
    `${gate.bound === 'at_least' ? 'at least' : 'at most'} ${amount(gate.limit_millionths, gate.unit)}`,
    gate.metric,
  ])
  return table(['gate', 'verdict', 'observed', 'limit', 'metric'], rows)
}

function lookAt({ gates, run, against_base }: Health): string {
  const lines = gates.filter(({ passed }) => !passed).map(({ name, hint }) => `- ${name}: ${hint}`)
  if (run.all.unknown_attempts > 0)
    lines.push(
      `- ${plural(run.all.unknown_attempts, 'attempt')} ${isOrAre(run.all.unknown_attempts)} booked at worst case: rff-shard spend reconcile`,
    )
  for (const { reason, clusters } of against_base?.superseded ?? [])
    lines.push(
      `- ${plural(clusters, 'cluster')} of the field before ${isOrAre(clusters)} superseded: ${reason}`,
    )
  return lines.join('\n')
}

const COUNTED = ['concepts', 'aliases', 'members', 'facts', 'fact_edges', 'edges', 'seeds'] as const

function fieldTable(field: FieldMetrics, base: AgainstBase | null): string {
  const rows = COUNTED.map((name) => [
    name,
    String(field[name]),
    base === null ? 'first field' : signed(base[name]),
  ])
  return table(['what', 'now', base === null ? 'before' : `against ${base.base_tag}`], rows)
}

function shape(field: FieldMetrics): string {
  const tail = field.degree_tail.map(({ at_least, concepts }) => `${concepts} with ${at_least} or more`)
  const groups = field.alias_groups.map(
    ({ size, concepts }) => `${count(concepts)} of ${plural(size, 'name')}`,
  )
  return [
    `- ${plural(field.lone_concepts, 'concept')} without an edge, ${plural(field.components, 'component')}, the largest of ${plural(field.largest_component, 'concept')}`,
    `- edges a concept: ${tail.join(', ') || 'none'}`,
    `- concepts united from several names: ${groups.join(', ') || 'none'}; ${field.vetoed_merges} unions vetoed`,
  ].join('\n')
}

function relationTable(field: FieldMetrics): string {
  const facts = new Map(field.fact_relation_types.map(({ rel_type, edges }) => [rel_type, edges]))
  const concepts = new Map(field.edge_relation_types.map(({ rel_type, edges }) => [rel_type, edges]))
  const rows = [...new Set([...facts.keys(), ...concepts.keys()])]
    .sort()
    .map((type) => [type, String(facts.get(type) ?? 0), String(concepts.get(type) ?? 0)])
  return rows.length === 0 ? '' : table(['type', 'between facts', 'between concepts'], rows)
}

function links({ links: counts }: FieldMetrics): string {
  if (counts.scored === 0) return ''
  const dropped = counts.drop_reasons.map(({ reason, links }) => `- dropped, ${reason}: ${links}`)
  const flagged = counts.flags.map(({ flag, links }) => `- kept but flagged, ${flag}: ${links}`)
  const kept = `${counts.kept} kept of ${counts.scored} (${share(counts.keep_rate_millionths)}), ${counts.flagged} of them flagged`
  return [kept, '', ...dropped, ...flagged].join('\n').trimEnd()
}

const RUN_ROWS: readonly (readonly [string, (run: RunMetrics) => string])[] = [
  ['attempted', (run) => String(run.attempted)],
  ['ok', (run) => `${run.ok} (${share(run.ok_rate_millionths)})`],
  ['quarantined', (run) => String(run.quarantined)],
  ['made valid by salvage', (run) => `${run.salvaged} (${share(run.salvage_rate_millionths)})`],
  ['repaired', (run) => `${run.repaired} (${share(run.repair_rate_millionths)})`],
  ['expensive lane', (run) => `${run.expensive} (${share(run.expensive_rate_millionths)})`],
  ['lone clusters by rules, outside the rates', (run) => String(run.lone_by_rules)],
  ['spent', (run) => dollars(run.micro_usd)],
  [
    'for each 1,000 ok',
    (run) => (run.micro_usd_per_1000_ok === null ? '-' : dollars(run.micro_usd_per_1000_ok)),
  ],
]

function runTable(all: RunMetrics, last: Health['run']['last_run']): string {
  const heads = ['clusters', 'all runs', ...(last === null ? [] : [`run ${last.run_id}`])]
  const rows = RUN_ROWS.map(([name, cell]) => [name, cell(all), ...(last === null ? [] : [cell(last)])])
  return table(heads, rows)
}

const codeTable = (run: RunMetrics): string =>
  run.error_codes.length === 0
    ? ''
    : table(
        ['code', 'attempts'],
        run.error_codes.map(({ code, attempts }) => [code, String(attempts)]),
      )

const latencyTable = (run: RunMetrics): string =>
  run.latency.length === 0
    ? ''
    : table(
        ['model', 'answers', 'p50', 'p95'],
        run.latency.map(({ model, answers, p50_ms, p95_ms }) => [
          model,
          String(answers),
          `${p50_ms} ms`,
          `${p95_ms} ms`,
        ]),
      )

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(heads), `|${heads.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n')
}

/** Models name themselves and relation types may be configured: neither may break the table or become markup. */
const escapeCell = (text: string): string =>
  text.replace(/[\r\n]+/gu, ' ').replace(/[|<>`*_\\[\]]/gu, (sign) => (sign === '_' ? sign : `\\${sign}`))

const share = (millionths: number | null): string =>
  millionths === null ? 'nothing to measure' : `${(millionths / 10_000).toFixed(2)} %`

const amount = (millionths: number | null, unit: GateUnit): string =>
  unit === 'share' || millionths === null ? share(millionths) : `${(millionths / 1_000_000).toFixed(4)} bits`

const dollars = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(4)}`

const signed = (difference: number): string => (difference > 0 ? `+${difference}` : String(difference))
