/** Texts of a field that have no vector yet, the best connected first, and what they would cost. */
import type { Candidate, SearchKind } from '../../../db/queries/search-reading.ts'
import { pagesOf } from '../../field/search/build-vector-index.ts'
import { digestOfText, embeddingTextOf } from '../../field/search/embedding-text.ts'
import type { SearchableField } from '../../field/search/open-search.ts'
import type { Wanted } from './ask-vectors.ts'
import type { Embedder } from './embedder.ts'

/** Servers take more, but a request that fails is a request that is paid for nothing. */
const MOST_TOKENS = 100_000

export interface EmbeddingEstimate {
  /** Concepts, and facts where they were asked for. */
  readonly documents: number
  /** Their texts have a vector, from whatever field it was paid for. */
  readonly known: number
  /** Their texts are refused by the model. */
  readonly refused: number
  readonly todo: number
  readonly requests: number
  readonly tokens: number
  /** exact: with the model's own tokeniser; bound: never too low, and up to several times too high. */
  readonly tokensAre: 'exact' | 'bound'
  /** null where no price is known. */
  readonly microUsd: number | null
}

export function estimateEmbeddings(
  field: SearchableField,
  kinds: readonly SearchKind[],
  embedder: Embedder,
): EmbeddingEstimate {
  const { meter, store, modelNo, config } = embedder
  const counts = { documents: 0, known: 0, refused: 0 }
  const sums = { todo: 0, requests: 0, tokens: 0, microUsd: 0 }
  for (const kind of kinds)
    for (const page of pagesOf(field, kind))
      for (const candidate of page) {
        if (isEmpty(candidate)) continue
        counts.documents += 1
        const state = store.known(modelNo, digestOfText(embeddingTextOf(candidate, config.embeddings)))
        if (state !== undefined) counts[state === 'vector' ? 'known' : 'refused'] += 1
      }
  for (const wanted of wantedGroups(field, kinds, embedder)) {
    const worst = meter.worstCase(wanted.reduce((sum, { tokens }) => sum + tokens, 0))
    sums.todo += wanted.length
    sums.requests += 1
    sums.tokens += worst.tokens
    sums.microUsd += worst.microUsd
  }
  return {
    ...counts,
    ...sums,
    tokensAre: meter.counterKind,
    microUsd: meter.price === null ? null : sums.microUsd,
  }
}

/** As many as go into one request. A text that stands in several documents comes once as long as it is not stored. */
export function* wantedGroups(
  field: SearchableField,
  kinds: readonly SearchKind[],
  embedder: Embedder,
): Iterable<readonly Wanted[]> {
  const { batchTexts } = embedder.config.embeddings
  let group: Wanted[] = []
  let tokens = 0
  for (const wanted of wantedTexts(field, kinds, embedder)) {
    if (group.length === batchTexts || (group.length > 0 && tokens + wanted.tokens > MOST_TOKENS)) {
      yield group
      group = []
      tokens = 0
    }
    group.push(wanted)
    tokens += wanted.tokens
  }
  if (group.length > 0) yield group
}

function* wantedTexts(
  field: SearchableField,
  kinds: readonly SearchKind[],
  { store, modelNo, meter, config }: Embedder,
): Iterable<Wanted> {
  // What may be on its way, and so not stored yet.
  const recent = new Set<string>()
  const recentMost = config.embeddings.batchTexts * (config.run.inFlight + 1)
  for (const kind of kinds)
    for (const page of pagesOf(field, kind))
      for (const candidate of page) {
        if (isEmpty(candidate)) continue
        const text = embeddingTextOf(candidate, config.embeddings)
        const textDigest = digestOfText(text)
        const name = textDigest.toString('latin1')
        if (recent.has(name) || store.known(modelNo, textDigest) !== undefined) continue
        recent.add(name)
        if (recent.size > recentMost) recent.delete(recent.values().next().value!)
        yield { text, textDigest, tokens: meter.tokensOf(text) }
      }
}

/** A fact that the corpus does not know any more. */
const isEmpty = ({ name, text }: Candidate): boolean => name === '' && text === ''
