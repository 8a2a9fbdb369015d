/** Pieces that several views are made of. */
import { ApiFailure } from './api.ts'
import { type Child, h, said } from './dom.ts'
import { percent, share } from './format.ts'

export const card = (title: string, ...children: readonly Child[]): HTMLElement =>
  h('section.card', {}, h('h2', {}, title), ...children)

/** A figure that is read from afar, with what it is and what it stands beside. */
export const figure = (label: string, value: Child, ...about: readonly Child[]): HTMLElement =>
  h(
    'div.figure',
    {},
    h('div.figure-label', {}, label),
    h('div.figure-value', {}, value),
    ...about.map((one) => h('div.figure-about', {}, one)),
  )

export interface Portion {
  readonly kind: 'ok' | 'bad' | 'flight' | 'sweep' | 'spent' | 'plain'
  readonly label: string
  readonly amount: number
}

/** Parts of a whole, beside one another; what is left is empty. */
export function bar(whole: number, portions: readonly Portion[], label: string): HTMLElement {
  const told = portions.map((one) => `${one.label} ${percent(one.amount, whole)}`).join(', ')
  return h(
    'div.bar',
    { role: 'img', 'aria-label': `${label}: ${told}` },
    portions.map(({ kind, amount }) =>
      amount <= 0
        ? null
        : h(`div.bar-part.is-${kind}`, {
            '--share': `${(100 * Math.min(1, share(amount, whole))).toFixed(3)}%`,
          }),
    ),
  )
}

export type Tone = 'ok' | 'look' | 'trouble' | 'quiet' | 'live'

export const pill = (tone: Tone, text: string): HTMLElement => h(`span.pill.is-${tone}`, {}, text)

export const note = (...children: readonly Child[]): HTMLElement => h('p.note', {}, ...children)

export function failureNote(cause: unknown): HTMLElement {
  if (cause instanceof ApiFailure)
    return h(
      'div.failure',
      { role: 'alert' },
      h('strong', {}, cause.code),
      ' ',
      said(cause.message),
      cause.hint === '' ? null : h('div.failure-hint', {}, said(cause.hint)),
    )
  return h('div.failure', { role: 'alert' }, 'The server does not answer. Is rff-shard serve still running?')
}

export const isAbort = (cause: unknown): boolean =>
  cause instanceof DOMException && cause.name === 'AbortError'

/** Shows what `load` makes, or why it could not; an address that was left meanwhile shows nothing. */
export async function loadInto(
  container: HTMLElement,
  signal: AbortSignal,
  load: () => Promise<readonly Child[]>,
): Promise<void> {
  container.setAttribute('aria-busy', 'true')
  try {
    const children = await load()
    if (signal.aborted) return
    container.replaceChildren()
    append(container, children)
  } catch (cause) {
    if (signal.aborted || isAbort(cause)) return
    container.replaceChildren(failureNote(cause))
  } finally {
    container.removeAttribute('aria-busy')
  }
}

function append(container: HTMLElement, children: readonly Child[]): void {
  container.append(h('div.stack', {}, ...children))
}

export interface Column<Row> {
  readonly heading: string
  readonly isNumber?: boolean
  cell(row: Row): Child
}

/** @param caption said to those who do not see the heading above it */
export const table = <Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): HTMLElement =>
  h(
    'div.table-frame',
    { tabindex: '0', role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption.unseen', {}, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map(({ heading, isNumber }) =>
            h('th', { scope: 'col', class: isNumber === true ? 'number' : null }, heading),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) =>
          h(
            'tr',
            {},
            columns.map((column) =>
              h('td', { class: column.isNumber === true ? 'number' : null }, column.cell(row)),
            ),
          ),
        ),
      ),
    ),
  )

/** A list that grows by a page at each press. */
export function growing<Page>(
  container: HTMLElement,
  first: Page,
  items: (page: Page) => readonly Child[],
  after: (page: Page) => string | null,
  next: (after: string) => Promise<Page>,
): HTMLElement {
  const frame = h('div', {}, container)
  const grow = (page: Page): void => {
    for (const item of items(page)) container.append(item instanceof Node ? item : String(item))
    frame.querySelector(':scope > .more')?.remove()
    const place = after(page)
    if (place === null) return
    const button = h('button.more', { type: 'button' }, 'Show more')
    button.addEventListener('click', async () => {
      button.disabled = true
      const before = container.children.length
      try {
        grow(await next(place))
        const first = container.children[before]
        const target = first?.querySelector<HTMLElement>('a, button') ?? first
        if (target instanceof HTMLElement) target.focus()
      } catch (cause) {
        button.replaceWith(failureNote(cause))
      }
    })
    frame.append(button)
  }
  grow(first)
  return frame
}
