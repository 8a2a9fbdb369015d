/** A record as a reader found it: nothing is judged yet but what only the bytes can tell. */

import type { Place } from '../../../schemas/fact.ts'
import type { Failure } from '../../../schemas/failure.ts'

/** Column names to values, as CSV, Parquet or SQLite gave them. */
export type Row = Readonly<Record<string, unknown>>

export type RawRecord = Omit<Place, 'file'> &
  (
    | { readonly kind: 'line'; readonly text: string }
    | { readonly kind: 'row'; readonly row: Row }
    | { readonly kind: 'unreadable'; readonly failure: Failure; readonly excerpt: string }
  )

const EXCERPT_CHARS = 200

/** The first characters for a person's eye: one line, no control characters, no half pairs. */
export const excerptOf = (text: string): string =>
  text.slice(0, EXCERPT_CHARS).replace(/\p{Cc}|\p{Cs}/gu, '\uFFFD')

/** One text for one record, whatever kind it is: what a person sees of it, and what tells it from another. */
export function contentOf(record: RawRecord): string {
  if (record.kind === 'line') return record.text
  if (record.kind === 'unreadable') return record.excerpt
  return JSON.stringify(record.row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
}
