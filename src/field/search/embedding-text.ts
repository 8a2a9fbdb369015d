/** The text that stands for a concept or a fact where vectors are compared, and the name by which its vector is kept. */
import { createHash } from 'node:crypto'
import type { Candidate } from '../../../db/queries/search-reading.ts'
import type { EmbeddingSettings } from '../../../schemas/config.ts'

export type TextSettings = Pick<EmbeddingSettings, 'textPrefix' | 'queryPrefix' | 'maxTextChars'>

/** Raise it when the same concept is to have another text: its vector is then paid for again. */
export const TEXT_VERSION = 1

/** A concept is its name, its other names and its gloss, a line each; a fact is what it says. */
export function embeddingTextOf({ name, aliases, text }: Candidate, settings: TextSettings): string {
  const others = aliases.split('\n').filter((alias) => alias !== '' && alias !== name)
  const lines = [name, others.join(', '), text].filter((line) => line !== '')
  return settings.textPrefix + cut(lines.join('\n'), settings.maxTextChars)
}

export const queryTextOf = (query: string, settings: TextSettings): string =>
  settings.queryPrefix + cut(query.trim(), settings.maxTextChars)

export const digestOfText = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Never in the middle of a character. */
const cut = (text: string, chars: number): string =>
  text.length <= chars ? text : text.slice(0, chars).replace(/[\ud800-\udbff]$/u, '')
