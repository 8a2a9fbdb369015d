/** What was found in the field: how it was ranked, each hit with its evidence, and the way to more. */
import type { SearchResult } from '../../../../schemas/search.ts'
import { count, plural } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { type Child, h, link, said } from '../dom.ts'
import { marked } from '../marked.ts'
import { failureNote, isAbort, note } from '../parts.ts'
import { conceptHref, factHref } from '../view.ts'

export function resultsOf(found: SearchResult, query: URLSearchParams, signal: AbortSignal): Child[] {
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
