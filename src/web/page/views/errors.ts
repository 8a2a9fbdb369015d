/** What went wrong, by code: how often, what it cost, and what to do about it. */
import type { Errors } from '../../../../schemas/page/spend.ts'
import { count, plural } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { h, link } from '../dom.ts'
import { dollars, share } from '../format.ts'
import { loadInto, note, pill } from '../parts.ts'
import { type View, viewHref } from '../view.ts'

export const errorsView: View = {
  name: 'errors',
  title: 'Errors',
  async render(root, { signal }) {
    await loadInto(root, signal, async () => {
      const { codes, unreadable } = await get<Errors>('/errors', {}, signal)
      const most = codes[0]?.attempts ?? 0
      return [
        codes.length === 0
          ? note('Nothing went wrong so far.')
          : h(
              'ul.codes',
              {},
              codes.map((code) => codeItem(code, most)),
            ),
        unreadable.length === 0 ? null : note(`Shards that could not be read: ${unreadable.join(', ')}.`),
      ]
    })
  },
}

const codeItem = (
  { code, kind, hint, attempts, clusters, salvaged, microUsd, byLane }: Errors['codes'][number],
  most: number,
): HTMLElement =>
  h(
    'li.code',
    {},
    h(
      'div.code-head',
      {},
      h('code', {}, code),
      pill('quiet', kind),
      h('span.code-count', {}, count(attempts)),
    ),
    h('div.code-bar', { '--share': `${(100 * share(attempts, most)).toFixed(1)}%`, 'aria-hidden': 'true' }),
    h('p.code-hint', {}, hint),
    h(
      'p.hit-about',
      {},
      `in ${plural(clusters, 'cluster')}`,
      byLane.map(({ lane, attempts: n }) => ` · ${lane} ${count(n)}`),
      salvaged === 0 ? null : ` · ${count(salvaged)} mended by salvage`,
      microUsd === 0 ? null : ` · ${dollars(microUsd)}`,
      kind === 'answer'
        ? [' · ', link(`${viewHref('quarantine')}?code=${encodeURIComponent(code)}`, {}, 'cases')]
        : null,
    ),
  )
