/** The health of a field, beside that of the field that it grew from. */
import type { Health } from '../../../../schemas/health.ts'
import type { FieldList, HealthPage } from '../../../../schemas/page/health.ts'
import { count } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { h, said } from '../dom.ts'
import { dollars, millionths, spoken } from '../format.ts'
import { type Column, card, loadInto, note, pill, table } from '../parts.ts'
import { type View, viewHref } from '../view.ts'

export const healthView: View = {
  name: 'health',
  title: 'Health',
  async render(root, { params, signal }) {
    await loadInto(root, signal, async () => {
      const list = await get<FieldList>('/fields', {}, signal)
      const tag = params[0] ?? list.current ?? list.fields.find(({ state }) => state !== 'building')?.fieldTag
      if (tag === undefined) return [note('No field was made yet: rff-shard merge.')]
      const { health, before } = await get<HealthPage>(`/health/${encodeURIComponent(tag)}`, {}, signal)
      return [
        fieldChoice(list, tag),
        gatesCard(health),
        h(
          'div.columns.is-wide',
          {},
          sizeCard(health, before),
          runCard(health, before),
          typesCard(health, before),
        ),
      ]
    })
  },
}

function fieldChoice({ fields, current }: FieldList, tag: string): HTMLElement {
  const select = h(
    'select',
    { id: 'field-choice' },
    fields
      .filter(({ state }) => state !== 'building')
      .map(({ fieldTag, state }) =>
        h(
          'option',
          { value: fieldTag, selected: fieldTag === tag },
          `${fieldTag}, ${fieldTag === current ? 'current' : state}`,
        ),
      ),
  )
  select.addEventListener('change', () => {
    location.hash = viewHref('health', select.value)
  })
  return h('p.choice', {}, h('label', { for: 'field-choice' }, 'Field '), select)
}

function gatesCard({ gates }: Health): HTMLElement {
  const shown = (unit: string, value: number | null): string =>
    value === null ? '–' : unit === 'share' ? millionths(value) : `${(value / 1e6).toFixed(3)} bit`
  return card(
    'Gates',
    table(
      'Gates',
      [
        {
          heading: 'Verdict',
          cell: ({ passed, severity }) =>
            pill(passed ? 'ok' : severity === 'block' ? 'trouble' : 'look', passed ? 'passed' : 'failed'),
        },
        { heading: 'Gate', cell: ({ name }) => name.replaceAll('_', ' ') },
        { heading: 'Seen', isNumber: true, cell: (gate) => shown(gate.unit, gate.observed_millionths) },
        {
          heading: 'Limit',
          isNumber: true,
          cell: (gate) =>
            `${gate.bound === 'at_least' ? '≥' : '≤'} ${shown(gate.unit, gate.limit_millionths)}`,
        },
        { heading: 'If it fails', cell: ({ severity }) => severity },
        { heading: 'What it measures', cell: ({ metric, passed, hint }) => (passed ? metric : said(hint)) },
      ],
      gates,
    ),
  )
}

interface Measure {
  readonly name: string
  readonly now: number | null
  readonly earlier: number | null
  readonly show: (value: number) => string
}

function compared(caption: string, measures: readonly Measure[], hasBefore: boolean): HTMLElement {
  const value = (measure: Measure, of: number | null): string => (of === null ? '–' : measure.show(of))
  const columns: Column<Measure>[] = [
    { heading: 'Measure', cell: ({ name }) => name },
    { heading: 'Now', isNumber: true, cell: (measure) => value(measure, measure.now) },
  ]
  if (hasBefore)
    columns.push(
      { heading: 'Before', isNumber: true, cell: (measure) => value(measure, measure.earlier) },
      { heading: 'Change', isNumber: true, cell: changeOf },
    )
  return table(caption, columns, measures)
}

function changeOf({ now, earlier, show }: Measure): string {
  if (now === null || earlier === null || now === earlier) return now === earlier && now !== null ? '=' : '–'
  return `${now > earlier ? '+' : '−'}${show(Math.abs(now - earlier))}`
}

const SIZES = [
  'concepts',
  'aliases',
  'members',
  'facts',
  'edges',
  'fact_edges',
  'seeds',
  'lone_concepts',
  'components',
  'largest_component',
  'vetoed_merges',
] as const

const sizeCard = ({ field }: Health, before: Health | null): HTMLElement =>
  card(
    before === null ? 'What it holds' : `What it holds, beside ${before.field_tag}`,
    compared(
      'What the field holds',
      SIZES.map((name) => ({
        name: name.replaceAll('_', ' '),
        now: field[name],
        earlier: before?.field[name] ?? null,
        show: count,
      })),
      before !== null,
    ),
  )

function runCard({ run }: Health, before: Health | null): HTMLElement {
  const [now, then] = [run.all, before?.run.all ?? null]
  const of = (
    name: string,
    read: (metrics: typeof now) => number | null,
    show: (value: number) => string,
  ): Measure => ({
    name,
    now: read(now),
    earlier: then === null ? null : read(then),
    show,
  })
  return card(
    'How the work went',
    compared(
      'How the work went',
      [
        of('clusters tried', ({ attempted }) => attempted, count),
        of('ok', ({ ok_rate_millionths }) => ok_rate_millionths, millionths),
        of('salvaged', ({ salvage_rate_millionths }) => salvage_rate_millionths, millionths),
        of('repaired', ({ repair_rate_millionths }) => repair_rate_millionths, millionths),
        of('expensive lane', ({ expensive_rate_millionths }) => expensive_rate_millionths, millionths),
        of('in quarantine', ({ quarantined }) => quarantined, count),
        of('spent', ({ micro_usd }) => micro_usd, dollars),
        of('a thousand good ones', ({ micro_usd_per_1000_ok }) => micro_usd_per_1000_ok, dollars),
      ],
      then !== null,
    ),
  )
}

function typesCard({ field }: Health, before: Health | null): HTMLElement {
  const measures = (part: 'edge_relation_types' | 'fact_relation_types'): Measure[] =>
    field[part].map(({ rel_type, edges }) => ({
      name: spoken(rel_type),
      now: edges,
      earlier: before?.field[part].find((one) => one.rel_type === rel_type)?.edges ?? null,
      show: count,
    }))
  return card(
    'Relations',
    h('h3', {}, 'Between concepts'),
    compared('Relations between concepts', measures('edge_relation_types'), before !== null),
    h('h3', {}, 'Between facts'),
    compared('Relations between facts', measures('fact_relation_types'), before !== null),
  )
}
