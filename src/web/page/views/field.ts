/**
 * The field to search: words as they are typed, narrowed by facets that say how much is behind each. What is typed is
 * sent to a model only when it is asked for: Enter, or the button.
 */
import type { Indexing } from '../../../../schemas/page/field.ts'
import type { SearchResult } from '../../../../schemas/search.ts'
import { count, plural } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { type Child, fill, h, link, said } from '../dom.ts'
import { spoken } from '../format.ts'
import { isTyping } from '../keys.ts'
import { marked } from '../marked.ts'
import { failureNote, isAbort, note } from '../parts.ts'
import { conceptHref, factHref, type View, type ViewContext } from '../view.ts'

const FACETS = ['domain', 'relation', 'run', 'support'] as const
type Facet = (typeof FACETS)[number]

const FACET_TITLES: Readonly<Record<Facet, string>> = {
  domain: 'Domain',
  relation: 'Relation',
  run: 'Run',
  support: 'Clusters that say so',
}
const VALUES_SHOWN = 8
const TYPING_PAUSE_MS = 60
const INDEX_LOOK_MS = 1_000

export const fieldView: View = {
  name: 'field',
  title: 'Field',
  render(root, context) {
    const { query, setQuery, signal } = context
    const input = h('input', {
      type: 'search',
      'aria-label': 'Search the field',
      placeholder: 'Words of a concept or a fact',
      autocomplete: 'off',
      spellcheck: 'false',
      value: query.get('q') ?? '',
    })
    const kinds = kindSwitch(query)
    const facets = h('div.facets', { role: 'group', 'aria-label': 'Narrow down' })
    const results = h('div.results', {})
    root.append(h('div.search-line', {}, input, kinds.element), h('div.search-columns', {}, facets, results))
    const ask = searcher(context, facets, results)
    const changed = (): void => {
      setQuery(query)
      ask('known')
    }
    let timer = 0
    input.addEventListener('input', () => {
      query.set('q', input.value)
      if (input.value === '') query.delete('q')
      clearTimeout(timer)
      timer = window.setTimeout(changed, TYPING_PAUSE_MS)
    })
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return
      clearTimeout(timer)
      setQuery(query)
      ask('ask')
    })
    results.addEventListener('click', (event) => {
      if ((event.target as HTMLElement).closest('button.by-meaning') !== null) ask('ask')
    })
    kinds.onChange(changed)
    facets.addEventListener('click', (event) => {
      const button = (event.target as HTMLElement).closest<HTMLButtonElement>('button[data-facet]')
      if (button === null) return
      const { facet = '', value = '' } = button.dataset
      if (query.get(facet) === value) query.delete(facet)
      else query.set(facet, value)
      changed()
    })
    walkHitsByKey(results, signal)
    ask('known')
    if (query.get('q') === null) input.focus({ preventScroll: true })
  },
}

function kindSwitch(query: URLSearchParams) {
  const option = (value: string, label: string): HTMLElement => {
    const radio = h('input', {
      type: 'radio',
      name: 'kind',
      value,
      checked: (query.get('kind') ?? 'concepts') === value,
    })
    return h('label', {}, radio, h('span', {}, label))
  }
  const element = h(
    'fieldset.kinds',
    {},
    h('legend.unseen', {}, 'What to look for'),
    option('concepts', 'Concepts'),
    option('facts', 'Facts'),
  )
  return {
    element,
    onChange(act: () => void) {
      element.addEventListener('change', (event) => {
        const { value } = event.target as HTMLInputElement
        if (value === 'concepts') query.delete('kind')
        else query.set('kind', value)
        act()
      })
    },
  }
}

/** known: meaning counts where the vector of the words is in store. ask: it may be asked for, and paid for. */
type Meaning = 'known' | 'ask'

/** @returns what asks for the query as it is now; an answer that a later question has overtaken is dropped */
function searcher(
  { query, signal, announce }: ViewContext,
  facets: HTMLElement,
  results: HTMLElement,
): (meaning: Meaning) => void {
  let asking = new AbortController()
  const ask = async (meaning: Meaning): Promise<void> => {
    asking.abort()
    asking = new AbortController()
    const own = AbortSignal.any([asking.signal, signal])
    try {
      const found = await get<SearchResult | Indexing>(
        '/search',
        { ...Object.fromEntries(query), meaning },
        own,
      )
      if (own.aborted) return
      if ('indexing' in found) {
        fill(results, note(`The search index of this field is being made, once: ${found.indexing} …`))
        setTimeout(() => own.aborted || void ask(meaning), INDEX_LOOK_MS)
        return
      }
      fill(facets, ...FACETS.map((facet) => facetPart(facet, found, query)))
      fill(results, ...resultsOf(found, query, signal))
      announce(`${count(found.total)} ${found.kind}`)
    } catch (cause) {
      if (!isAbort(cause) && !own.aborted) fill(results, failureNote(cause))
    }
  }
  return (meaning) => void ask(meaning)
}

function facetPart(facet: Facet, found: SearchResult, query: URLSearchParams): HTMLElement | null {
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

function resultsOf(found: SearchResult, query: URLSearchParams, signal: AbortSignal): Child[] {
  const typed = query.get('q') ?? ''
  const byMeaning = offersMeaning(found, typed) ? meaningButton() : null
  if (found.total === 0)
    return [
      note('Nothing in this field has any of these words. Fewer letters, or fewer facets, find more.'),
      byMeaning,
    ]
  const list = h('ol.hits', {}, hitsOf(found, typed))
  const more =
    found.total > found.concepts.length + found.facts.length ? moreButton(list, query, typed, signal) : null
  return [h('p.result-line', {}, said(resultLine(found)), ' ', byMeaning), list, more]
}

/** Where the field has vectors and the words have not been sent yet. */
const offersMeaning = ({ meaning, rankedBy }: SearchResult, typed: string): boolean =>
  rankedBy === 'words' && meaning !== null && meaning.embedded > 0 && typed.trim() !== ''

const meaningButton = (): HTMLElement =>
  h('button.by-meaning', { type: 'button', 'data-key': 'by meaning' }, 'By meaning too')

function resultLine({ total, isComplete, kind, matched, label }: SearchResult): string {
  const what = total === 1 ? kind.slice(0, -1) : kind
  const how = matched === 'some' ? '; none has all the words' : ''
  const ranked = isComplete ? '' : '; more match, and the best connected of them were ranked'
  return `${count(total)} ${what}${how}${ranked}. Ranked by ${label}.`
}

/** Most glosses are words of the fact that the concept is named from; then the fact alone is shown. */
const saysTheSame = ({ gloss, evidence }: SearchResult['concepts'][number]): boolean =>
  evidence?.text?.toLowerCase().includes(gloss.toLowerCase()) === true

/** None of the words need stand in it. */
const bySense = ({ foundBy }: Pick<SearchResult['facts'][number], 'foundBy'>): string =>
  foundBy === 'meaning' ? ' · by meaning' : ''

const hitsOf = (found: SearchResult, typed: string): HTMLElement[] =>
  found.kind === 'concepts'
    ? found.concepts.map((hit) =>
        h(
          'li.hit',
          {},
          link(
            conceptHref(hit.conceptId),
            { class: 'hit-name', 'data-key': hit.conceptId },
            marked(hit.name, typed),
          ),
          h(
            'span.hit-about',
            {},
            said(hit.domain),
            ` · ${plural(hit.edgeCount, 'edge')} · ${plural(hit.memberCount, 'member')} · ${plural(hit.supportCount, 'cluster')}${bySense(hit)}`,
          ),
          saysTheSame(hit) ? null : h('p.hit-gloss', {}, marked(hit.gloss, typed)),
          hit.evidence === null
            ? null
            : h(
                'p.hit-fact',
                {},
                link(factHref(hit.evidence.factId), {}, 'fact'),
                ' ',
                marked(hit.evidence.text, typed),
              ),
        ),
      )
    : found.facts.map((hit) =>
        h(
          'li.hit',
          {},
          link(factHref(hit.factId), { class: 'hit-text', 'data-key': hit.factId }, marked(hit.text, typed)),
          h(
            'span.hit-about',
            {},
            said(hit.domain),
            bySense(hit),
            hit.concepts.map(({ conceptId, name }) => [' · ', link(conceptHref(conceptId), {}, said(name))]),
          ),
        ),
      )

function moreButton(
  list: HTMLElement,
  query: URLSearchParams,
  typed: string,
  signal: AbortSignal,
): HTMLElement {
  const button = h('button.more', { type: 'button' }, 'Show more')
  button.addEventListener('click', async () => {
    const skip = list.children.length
    try {
      const next = await get<SearchResult>('/search', { ...Object.fromEntries(query), skip }, signal)
      list.append(...hitsOf(next, typed))
      list.children[skip]?.querySelector('a')?.focus()
      if (list.children.length >= next.total || list.children.length === skip) button.remove()
    } catch (cause) {
      if (!isAbort(cause)) button.replaceWith(failureNote(cause))
    }
  })
  return button
}

/** j and k go from hit to hit. */
export function walkHitsByKey(container: HTMLElement, signal: AbortSignal): void {
  addEventListener(
    'keydown',
    (event) => {
      if ((event.key !== 'j' && event.key !== 'k') || isTyping(event.target)) return
      const stops = [...container.querySelectorAll<HTMLElement>('.hit > a, a.stop')]
      const at = stops.indexOf(document.activeElement as HTMLElement)
      stops[event.key === 'j' ? at + 1 : Math.max(0, at - 1)]?.focus()
    },
    { signal },
  )
}
