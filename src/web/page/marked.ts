/** A text with the words that were looked for marked, all of it text nodes. */
import { queryWordsOf } from '../../field/search/query-words.ts'
import { printable } from '../../language/printable.ts'
import { h } from './dom.ts'

const WORD = /[\p{L}\p{N}\p{Co}\p{M}]+/gu

export function marked(text: string | null, query: string): HTMLElement {
  if (text === null) return h('bdi', {}, '–')
  const words = queryWordsOf(query)
  const shown = printable(text)
  if (words.length === 0) return h('bdi', {}, shown)
  const parts: (string | HTMLElement)[] = []
  let from = 0
  for (const found of shown.matchAll(WORD)) {
    const folded = found[0]
      .normalize('NFKD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase()
    const isMet = words.some(
      ({ word, prefix }) => folded === word || (prefix !== null && folded.startsWith(prefix)),
    )
    if (!isMet) continue
    parts.push(shown.slice(from, found.index), h('mark', {}, found[0]))
    from = found.index + found[0].length
  }
  return h('bdi', {}, ...parts, shown.slice(from))
}
