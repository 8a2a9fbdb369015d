/** What a query means beside its words, and how much of it an order was made from. */
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import type { Failure } from '../../../schemas/failure.ts'
import type { SearchResult } from '../../../schemas/search.ts'
import type { SearchableField } from './open-search.ts'

/** What is known of the query beside its words. */
export interface Meaning {
  /** The reference of the model whose vectors are compared; null where none is set. */
  readonly model: string | null
  /** Of the same space as the field's index; null where words alone decide. */
  readonly vector: Float32Array | null
  /** Why there is no vector although a model is set. */
  readonly failure: Failure | null
}

export const WORDS_ALONE: Meaning = { model: null, vector: null, failure: null }

/** What the order is made from, in words that every face of the program shows. */
export function usedOf(
  { search, vectors }: SearchableField,
  kind: SearchKind,
  { model, vector, failure }: Meaning,
): Pick<SearchResult, 'rankedBy' | 'label' | 'meaning'> {
  if (model === null) return { rankedBy: 'words', label: 'words', meaning: null }
  const of = search.total(kind)
  // Vectors of another space tell nothing of what the model knows.
  const embedded = vectors.ok && failure?.code !== 'embeddings_changed' ? vectors.index.embedded[kind] : 0
  const reason = failure ?? (vectors.ok ? null : vectors.failure)
  const rankedBy = vector !== null && reason === null ? 'hybrid' : 'words'
  const share = `${embedded} of ${of} ${kind} embedded`
  const label =
    rankedBy === 'hybrid'
      ? `hybrid (${model}, ${share})`
      : reason === null
        ? 'words'
        : `words, not ${model}: ${reason.message}`
  const why = reason === null ? null : reason.message
  return { rankedBy, label, meaning: { model, embedded, of, code: reason?.code ?? null, why } }
}
