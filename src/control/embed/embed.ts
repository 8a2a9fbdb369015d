/**
 * embed: gives each concept of a field (and each fact, where that is asked for) its vector, within a cap.
 *
 * A text is paid for once, whatever field it comes in; so it goes on where it stopped, and after a merge only what is new
 * is asked for. The best connected come first, so that a small cap buys the best part.
 */
import type { EmbeddingBuild } from '../../../db/queries/embeddings.ts'
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import { type Caps, hasCap, minus } from '../../../schemas/budget.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { OutputOf } from '../../../schemas/output/outputs.ts'
import { buildVectorIndex } from '../../field/search/build-vector-index.ts'
import type { SearchableField } from '../../field/search/open-search.ts'
import { indexOrderOf } from '../search/index-order.ts'
import { openIndexed } from '../search/open-indexed.ts'
import { withLease } from '../with-lease.ts'
import type { Workspace } from '../workspace.ts'
import { dimensionsOf, type Embedder, type Env, openEmbedder } from './embedder.ts'
import { type Filled, fillVectors } from './fill-vectors.ts'
import { type EmbeddingEstimate, estimateEmbeddings } from './wanted-texts.ts'

export type EmbedSummary = OutputOf<'embed'>

export interface EmbedOptions {
  readonly kinds: readonly SearchKind[]
  /** null for the published field. */
  readonly fieldTag: string | null
  /** Of the whole build, over every start until nothing is left to do; those that it has where none is named. */
  readonly caps: Caps
  readonly env: Env
  readonly signal: AbortSignal
  /** What is being done, for people who wait. */
  say(what: string): void
  onEstimate?(estimate: EmbeddingEstimate): void
  onProgress(filled: Filled): void
}

/** More paid requests than this are not begun without a cap. */
const REQUESTS_WITHOUT_CAP = 1_000

/** Asks nobody. */
export async function estimateEmbed(
  workspace: Workspace,
  config: Config,
  { kinds, fieldTag, env, say }: Pick<EmbedOptions, 'kinds' | 'fieldTag' | 'env' | 'say'>,
): Promise<OutputOf<'embed --dry-run'>> {
  const embedder = await openEmbedder(workspace, config, env)
  const field = openIndexed(workspace, fieldTag, say)
  try {
    return {
      fieldTag: field.fieldTag,
      model: embedder.reference,
      estimate: estimateEmbeddings(field, kinds, embedder),
    }
  } finally {
    field.close()
    embedder.close()
  }
}

/**
 * @throws RffError embeddings_not_set, embeddings_unsupported, field_missing, provider_key_missing, lock_held, usage where
 *   a dollar cap meets a model without a price or too much would be asked without a cap
 */
export async function embed(
  workspace: Workspace,
  config: Config,
  options: EmbedOptions,
  nowMs: () => number,
): Promise<EmbedSummary> {
  const embedder = await openEmbedder(workspace, config, options.env)
  try {
    const lease = { leaseMs: config.run.leaseMs, signal: options.signal, nowMs }
    return await withLease(workspace.control, 'embed', lease, async () => {
      const field = openIndexed(workspace, options.fieldTag, options.say)
      try {
        return await embedField(workspace, field, embedder, options, nowMs)
      } finally {
        field.close()
      }
    })
  } finally {
    embedder.close()
  }
}

async function embedField(
  workspace: Workspace,
  field: SearchableField,
  embedder: Embedder,
  options: EmbedOptions,
  nowMs: () => number,
): Promise<EmbedSummary> {
  const estimate = estimateEmbeddings(field, options.kinds, embedder)
  options.onEstimate?.(estimate)
  embedder.store.abandonSent()
  const { build, ...done } =
    estimate.todo === 0 ? NOTHING_TO_DO : await fillWithin(field, embedder, estimate, options, nowMs)
  options.say('making the vector index')
  const inIndex = indexVectors(workspace, field, embedder)
  return { fieldTag: field.fieldTag, model: embedder.reference, estimate, ...done, inIndex, build }
}

const NOTHING_TO_DO = {
  ...{ embedded: 0, refused: 0, requests: 0, tokens: 0, microUsd: 0, stop: null },
  build: null,
} as const

async function fillWithin(
  field: SearchableField,
  embedder: Embedder,
  estimate: EmbeddingEstimate,
  options: EmbedOptions,
  nowMs: () => number,
): Promise<Filled & Pick<EmbedSummary, 'build'>> {
  const { store } = embedder
  const build = joinBuild(embedder, options.caps, estimate, nowMs())
  const { buildId, caps } = build
  const before = store.bookedOfBuild(buildId)
  const filled = await fillVectors(field, embedder, build, options, nowMs)
  const isClosed = filled.stop === null
  if (isClosed) store.closeBuild(buildId)
  const booked = store.bookedOfBuild(buildId)
  // From the rows: what broke off, or could not be used, is booked too.
  const { microUsd, tokens, calls: requests } = minus(booked, before)
  return {
    ...filled,
    ...{ microUsd, tokens, requests },
    build: { buildId, capMicroUsd: caps.microUsd, bookedMicroUsd: booked.microUsd, isClosed },
  }
}

/** The open build, whose caps count over every start; one that is named anew replaces them. */
function joinBuild(
  embedder: Embedder,
  caps: Caps,
  estimate: EmbeddingEstimate,
  atMs: number,
): EmbeddingBuild {
  const { store, modelNo } = embedder
  const open = store.openBuild(modelNo)
  const counting = hasCap(caps) || open === undefined ? caps : open.caps
  expectBudget(embedder, counting, estimate)
  if (open === undefined) return store.beginBuild(modelNo, caps, atMs)
  if (hasCap(caps)) store.setCaps(open.buildId, caps)
  return { buildId: open.buildId, caps: counting }
}

/** @throws RffError usage */
function expectBudget({ reference, meter }: Embedder, caps: Caps, { requests }: EmbeddingEstimate): void {
  const { price } = meter
  if (caps.microUsd !== null && price === null)
    throw new RffError(
      'usage',
      `no price is known of ${reference}, so --max-usd cannot hold; cap --max-tokens or --max-calls, or tell it under [prices]`,
    )
  const isFree = price !== null && price.inputMicroUsdPerMillion === 0
  if (isFree || hasCap(caps) || requests <= REQUESTS_WITHOUT_CAP) return
  throw new RffError(
    'usage',
    `${requests} requests would be made of a paid model without a cap; name --max-usd, --max-tokens or --max-calls`,
  )
}

function indexVectors(
  workspace: Workspace,
  field: SearchableField,
  embedder: Embedder,
): { concepts: number; facts: number } {
  const { store, modelNo, space, config } = embedder
  const dimensions = dimensionsOf(embedder)
  // The model has not answered yet.
  if (dimensions === null) return { concepts: 0, facts: 0 }
  const { vectorsPath, fieldDigest } = indexOrderOf(workspace, field.fieldTag).order
  return buildVectorIndex(field, {
    ...{ indexPath: vectorsPath, fieldDigest, space, modelNo, dimensions },
    settings: config.embeddings,
    vectorOf: (textDigest) => store.vector(modelNo, textDigest),
  })
}
