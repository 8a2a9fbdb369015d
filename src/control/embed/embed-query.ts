/**
 * The vector of a search query: from store where it was asked before, else from the model, on the books and for a
 * moment only. Whatever keeps it from coming is a reason to search by words, never an error.
 */
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import type { Config } from '../../../schemas/config.ts'
import type { Failure } from '../../../schemas/failure.ts'
import { digestOfText, queryTextOf } from '../../field/search/embedding-text.ts'
import { type Meaning, WORDS_ALONE } from '../../field/search/meaning.ts'
import type { SearchableField } from '../../field/search/open-search.ts'
import { floatsOf } from '../../field/search/vector-bits.ts'
import type { Workspace } from '../workspace.ts'
import { askVectors, type Vectored } from './ask-vectors.ts'
import { type Embedder, type Env, openEmbedder, spaceOf } from './embedder.ts'

export interface QueryOptions {
  readonly text: string
  readonly kind: SearchKind
  readonly env: Env
  readonly nowMs: () => number
  /** Whether a query that is not in store may be asked for: while somebody types, it may not. */
  readonly mayAsk: boolean
}

export async function meaningOf(
  workspace: Workspace,
  config: Config,
  field: SearchableField,
  options: QueryOptions,
): Promise<Meaning> {
  const { model } = config.embeddings
  if (model === undefined) return WORDS_ALONE
  const none = (failure: Failure | null): Meaning => ({ model, vector: null, failure })
  if (options.text.trim() === '') return none(null)
  if (!field.vectors.ok) return none(field.vectors.failure)
  const { space, modelNo, reading, embedded } = field.vectors.index
  if (space !== spaceOf(config, model)) return none(changed(space, spaceOf(config, model)))
  if (embedded[options.kind] === 0)
    return none({ code: 'embeddings_missing', message: `no ${options.kind} of this field are embedded yet` })
  // With each key that is pressed: no provider is opened for what is in store.
  const stored = reading.ofText(modelNo, digestOfText(queryTextOf(options.text, config.embeddings)))
  if (stored !== undefined) return { model, vector: floatsOf(stored), failure: null }
  if (!options.mayAsk)
    return none({
      code: 'embeddings_missing',
      message: 'the vector of these words was not asked for yet',
    })
  try {
    const embedder = await openEmbedder(workspace, config, options.env)
    try {
      const found = await vectorOf(embedder, options)
      return 'code' in found ? none(found) : { model, vector: found, failure: null }
    } finally {
      embedder.close()
    }
  } catch (cause) {
    const failure = asFailure(cause)
    if (failure.code === 'internal') throw cause
    return none(failure)
  }
}

/** The most that embeddings.queryDeadlineMs may be, and as much again: no search waits for what is older. */
export const LONGEST_QUERY_MS = 1_200_000

async function vectorOf(embedder: Embedder, options: QueryOptions): Promise<Float32Array | Failure> {
  const { store, modelNo, meter, config, reference } = embedder
  const text = queryTextOf(options.text, config.embeddings)
  const textDigest = digestOfText(text)
  if (meter.price === null)
    return { code: 'usage', message: `no price is known of ${reference}; tell it under [prices]` }
  const { queryDeadlineMs, queriesMaxUsd } = config.embeddings
  const caps = { microUsd: Math.floor(queriesMaxUsd * 1e6), tokens: null, calls: null }
  store.abandonQueries(options.nowMs() - LONGEST_QUERY_MS)
  const deadline = AbortSignal.timeout(queryDeadlineMs)
  const vectored = await askVectors(embedder, [{ text, textDigest, tokens: meter.tokensOf(text) }], {
    depart(worst) {
      const requestId = store.reserveQuery({ modelNo, texts: 1, worst, sentAtMs: options.nowMs() }, caps)
      // Nobody waits for room; and ten tokens of a person who waits are counted in the window, not held up by it.
      return requestId === null ? 'budget' : { requestId, landed: () => undefined }
    },
    caps,
    // One for the whole: what was waited for the limit is not waited for once more.
    deadline: () => deadline,
    // Somebody waits: a server that fails once is left to the next search.
    retry: { transportTries: 1, backoffMs: config.run.backoffMs },
    signal: deadline,
  })
  const bought = store.vector(modelNo, textDigest)
  return bought === undefined ? whyNot(vectored, queriesMaxUsd) : floatsOf(bought)
}

function whyNot(vectored: Vectored, queriesMaxUsd: number): Failure {
  if (vectored.kind === 'failed') return vectored.failure
  if (vectored.kind === 'not_asked' && vectored.why === 'budget')
    return { code: 'budget_spent', message: `embeddings.queriesMaxUsd ($${queriesMaxUsd}) is spent` }
  return { code: 'provider_timeout', message: 'the server did not answer in time' }
}

/** What differs, such as `dimensions null, now 32`. */
function changed(before: string, now: string): Failure {
  const [known, asked] = [before, now].map((space) => JSON.parse(space) as Record<string, unknown>)
  const differences = Object.keys(asked!)
    .filter((part) => known![part] !== asked![part])
    .map((part) => `${part} ${JSON.stringify(known![part])}, now ${JSON.stringify(asked![part])}`)
  const message = `the vectors of this field were made otherwise: ${differences.join('; ')}`
  return { code: 'embeddings_changed', message }
}
