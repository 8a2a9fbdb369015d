/**
 * The field to search: words as they are typed, narrowed by facets that say how much is behind each. What is typed is
 * sent to a model only when it is asked for: Enter, or the button.
 */
import type { Indexing } from '../../../../schemas/page/field.ts'
import type { SearchResult } from '../../../../schemas/search.ts'
import { count } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { fill, h } from '../dom.ts'
import { failureNote, isAbort, note } from '../parts.ts'
import type { View, ViewContext } from '../view.ts'
import { walkHitsByKey } from '../walk-hits-by-key.ts'
import { FACETS, facetPart } from './field-facets.ts'
import { resultsOf } from './field-results.ts'

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
