/** The facets beside what was found: the values that narrow a search, each with how much is behind it. */
import type { SearchResult } from '../../../../schemas/search.ts'
import { count } from '../../../language/counted.ts'
import { h, said } from '../dom.ts'
import { spoken } from '../format.ts'

export const FACETS = ['domain', 'relation', 'run', 'support'] as const
type Facet = (typeof FACETS)[number]

const FACET_TITLES: Readonly<Record<Facet, string>> = {
  domain: 'Domain',
  relation: 'Relation',
  run: 'Run',
  support: 'Clusters that say so',
}
const VALUES_SHOWN = 8

export function facetPart(facet: Facet, found: SearchResult, query: URLSearchParams): HTMLElement | null {
  const chosen = query.get(facet)
  const values = found.facets[facet]
  if (values.length === 0 && chosen === null) return null
  const isListed = values.some(({ value }) => value === chosen)
  const shown = isListed || chosen === null ? values : [{ value: chosen, count: 0 }, ...values]
  const sorted = [...shown].sort((a, b) => Number(b.value === chosen) - Number(a.value === chosen))
  const few = sorted.slice(0, VALUES_SHOWN)
  const others = sorted.slice(VALUES_SHOWN)
  const button = ({ value, count: n }: { value: string; count: number }): HTMLElement =>
    h(
      'button.facet',
      {
        type: 'button',
        'aria-pressed': String(value === chosen),
        'data-facet': facet,
        'data-value': value,
        'data-key': `${facet} ${value}`,
      },
      h(
        'span.facet-value',
        {},
        said(facet === 'support' ? `${value} or more` : facet === 'relation' ? spoken(value) : value),
      ),
      h('span.facet-count', {}, count(n)),
    )
  return h(
    'section.facet-group',
    { 'aria-label': FACET_TITLES[facet] },
    h('h2', {}, FACET_TITLES[facet]),
    few.map(button),
    others.length === 0
      ? null
      : h(
          'details',
          {},
          h('summary', { 'data-key': `${facet} more` }, `${count(others.length)} more`),
          others.map(button),
        ),
  )
}
