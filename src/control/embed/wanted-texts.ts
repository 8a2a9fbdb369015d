/** Texts of a field that have no vector yet, the best connected first, and what they would cost. */
import { setImmediate as turnOfOthers } from 'node:timers/promises'
import type { Candidate, SearchKind } from '../../../db/queries/search-reading.ts'
import { type DocumentPages, pagesOf } from '../../field/search/build-vector-index.ts'
import { digestOfText, embeddingTextOf } from '../../field/search/embedding-text.ts'
import { MOST_BODY_BYTES } from '../../llm/bounded-text.ts'
import type { Wanted } from './book-vectors.ts'
import type { Counting } from './counting.ts'

/** Servers take more, but a request that fails is a request that is paid for nothing. */
const MOST_TOKENS = 100_000
/** Of models in wide use; it is known with the first answer. */
const LONGEST_VECTOR = 4_096
/** As JSON writes one out, also where it begins a line of its own: not every server knows base64. */
const BYTES_PER_NUMBER = 32
/** What is around a vector. */
const BYTES_PER_TEXT = 200

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

export async function estimateEmbeddings(
  field: DocumentPages,
  kinds: readonly SearchKind[],
  counting: Counting,
): Promise<EmbeddingEstimate> {
  const { meter, config } = counting
  const counts = { documents: 0, known: 0, refused: 0 }
  const sums = { todo: 0, requests: 0, tokens: 0, microUsd: 0 }
  for await (const page of pagesInTurn(field, kinds))
    for (const candidate of page) {
      if (isEmpty(candidate)) continue
      counts.documents += 1
      const state = counting.known(digestOfText(embeddingTextOf(candidate, config.embeddings)))
      if (state !== undefined) counts[state === 'vector' ? 'known' : 'refused'] += 1
    }
  for await (const wanted of wantedGroups(field, kinds, counting, new Set())) {
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

/** Whether a text of these kinds has no vector yet. */
export async function isAnyWanted(
  field: DocumentPages,
  kinds: readonly SearchKind[],
  counting: Counting,
): Promise<boolean> {
  for await (const _ of wantedGroups(field, kinds, counting, new Set())) return true
  return false
}

/**
 * As many as go into one request.
 *
 * @param begun names of texts that were given before; whoever has stored one takes it out. A text that stands in
 *   several documents so comes once
 */
export async function* wantedGroups(
  field: DocumentPages,
  kinds: readonly SearchKind[],
  counting: Counting,
  begun: Set<string>,
): AsyncIterable<readonly Wanted[]> {
  let group: Wanted[] = []
  let tokens = 0
  for await (const page of pagesInTurn(field, kinds))
    for (const wanted of wantedOf(page, counting, begun)) {
      const isFull = group.length >= mostTextsOf(counting)
      if (isFull || (group.length > 0 && tokens + wanted.tokens > MOST_TOKENS)) {
        yield group
        group = []
        tokens = 0
      }
      group.push(wanted)
      tokens += wanted.tokens
    }
  if (group.length > 0) yield group
}

/** By which a text is told from others while it is on its way. */
export const nameOf = ({ textDigest }: Pick<Wanted, 'textDigest'>): string => textDigest.toString('latin1')

function* wantedOf(page: readonly Candidate[], counting: Counting, begun: Set<string>): Iterable<Wanted> {
  for (const candidate of page) {
    if (isEmpty(candidate)) continue
    const text = embeddingTextOf(candidate, counting.config.embeddings)
    const textDigest = digestOfText(text)
    const name = nameOf({ textDigest })
    if (begun.has(name) || counting.known(textDigest) !== undefined) continue
    begun.add(name)
    yield { text, textDigest, tokens: counting.meter.tokensOf(text) }
  }
}

/** An answer that is longer than is read would be paid for in vain. */
function mostTextsOf({ config, dimensionsNow }: Counting): number {
  const bytes = BYTES_PER_TEXT + BYTES_PER_NUMBER * (dimensionsNow() ?? LONGEST_VECTOR)
  return Math.max(1, Math.min(config.embeddings.batchTexts, Math.floor(MOST_BODY_BYTES / bytes)))
}

/** After each page timers have their turn: a heartbeat that stands still loses the lease. */
async function* pagesInTurn(
  field: DocumentPages,
  kinds: readonly SearchKind[],
): AsyncIterable<readonly Candidate[]> {
  for (const kind of kinds)
    for (const page of pagesOf(field, kind)) {
      yield page
      await turnOfOthers()
    }
}

/** A fact that the corpus does not know any more. */
const isEmpty = ({ name, text }: Candidate): boolean => name === '' && text === ''
