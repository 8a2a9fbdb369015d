/**
 * Elements from values. Text only ever becomes a text node, so whatever a fact or an answer holds is shown and never
 * read as markup; the server's policy forbids everything else.
 */
import { printable } from '../../language/printable.ts'

export type Child = Node | string | number | null | undefined | false | readonly Child[]

type Listener = (event: Event) => void
export type Props = Readonly<Record<string, string | number | boolean | null | undefined | Listener>>

/**
 * @param tag with classes, as `div.card.wide`
 * @param props attributes; a function is a listener of the event that its name has behind `on`; `--x` is a CSS variable
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K | `${K}.${string}`,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const [name, ...classes] = tag.split('.')
  const element = document.createElement(name as K)
  if (classes.length > 0) element.className = classes.join(' ')
  for (const [key, value] of Object.entries(props)) set(element, key, value)
  element.append(...nodesOf(children))
  return element
}

function set(element: HTMLElement, key: string, value: Props[string]): void {
  if (value === null || value === undefined || value === false) return
  if (typeof value === 'function') element.addEventListener(key.replace(/^on/, ''), value)
  else if (key.startsWith('--')) element.style.setProperty(key, String(value))
  else element.setAttribute(key, value === true ? '' : String(value))
}

function nodesOf(children: readonly Child[]): Node[] {
  return children.flatMap((child): Node[] => {
    if (child === null || child === undefined || child === false) return []
    if (Array.isArray(child)) return nodesOf(child as readonly Child[])
    return [child instanceof Node ? child : document.createTextNode(String(child))]
  })
}

/** Text from outside, in a direction of its own, with marks that would turn or hide text shown as their numbers. */
export const said = (text: string | null, otherwise = '–'): HTMLElement =>
  h('bdi', {}, text === null || text === '' ? otherwise : printable(text))

/** Replaces what is in a container; whoever has the keyboard's focus there keeps it, by `data-key`. */
export function fill(container: Element, ...children: readonly Child[]): void {
  const focused = container.contains(document.activeElement) ? document.activeElement : null
  const key = focused?.getAttribute('data-key') ?? null
  container.replaceChildren(...nodesOf(children))
  if (key === null) return
  const again = [...container.querySelectorAll<HTMLElement>('[data-key]')].find(
    (element) => element.dataset.key === key,
  )
  again?.focus({ preventScroll: true })
}

export const link = (href: string, props: Props, ...children: readonly Child[]): HTMLAnchorElement =>
  h('a', { href, ...props }, ...children)
