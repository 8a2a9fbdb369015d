/** What a view is: a part of the page with an address of its own. */
import type { Live } from './live.ts'

export interface ViewContext {
  /** What stands in the address behind the view's name. */
  readonly params: readonly string[]
  readonly query: URLSearchParams
  readonly live: Live
  /** Aborted when another view takes the place. */
  readonly signal: AbortSignal
  /** For everybody, also those who do not see: said once. */
  announce(text: string): void
  /** Changes the query of the address without leaving the view. */
  setQuery(query: URLSearchParams): void
}

export interface View {
  readonly name: string
  readonly title: string
  render(root: HTMLElement, context: ViewContext): void | Promise<void>
}

export const viewHref = (name: string, ...params: readonly string[]): string =>
  `#/${[name, ...params.map(encodeURIComponent)].join('/')}`

export const conceptHref = (conceptId: string): string => viewHref('concept', conceptId)
export const factHref = (factId: string): string => viewHref('fact', factId)
