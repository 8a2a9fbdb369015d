/** Keys for everywhere. Views add their own; none works while somebody types. */
import { h } from './dom.ts'
import { type View, viewHref } from './view.ts'

const GO_MOST_MS = 1_500

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLElement && target.isContentEditable)

/** `g` and the number of a view in the menu; `/` for search; `?` for the list. */
export function listenForKeys(
  menu: readonly View[],
  frame: { readonly search: HTMLInputElement; readonly showKeys: () => void },
): void {
  let goUntilMs = 0
  addEventListener('keydown', (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
    const isGoing = performance.now() < goUntilMs
    goUntilMs = 0
    if (event.key === '/') {
      event.preventDefault()
      const own = document.querySelector<HTMLInputElement>('.view input[type=search]') ?? frame.search
      own.focus()
      own.select()
    } else if (event.key === '?') frame.showKeys()
    else if (event.key === 'g') goUntilMs = performance.now() + GO_MOST_MS
    else if (isGoing) {
      const view = menu[Number(event.key) - 1]
      if (view !== undefined) location.hash = viewHref(view.name)
    }
  })
}

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'search'],
  ['g 1 … g 8', 'the views, in the order of the menu'],
  ['j, k', 'next and previous case, hit or neighbour'],
  ['r', 'a case: try it again'],
  ['a', 'a case: accept as missing'],
  ['c', 'a case: correct by hand'],
  ['Enter', 'open what is marked'],
  ['?', 'this list'],
]

export function keysDialog(): HTMLDialogElement {
  const close = h('button', { type: 'button' }, 'Close')
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'keys-title' },
    h('h2', { id: 'keys-title' }, 'Keys'),
    h(
      'dl.keys',
      {},
      KEYS.flatMap(([key, does]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)]),
    ),
    close,
  )
  close.addEventListener('click', () => dialog.close())
  return dialog
}
