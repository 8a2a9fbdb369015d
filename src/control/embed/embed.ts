/**
 * embed: gives each concept of a field (and each fact, where that is asked for) its vector, within a cap.
 *
 * A text is paid for once, whatever field it comes in; so it goes on where it stopped, and after a merge only what is new
 * is asked for. The best connected come first, so that a small cap buys the best part.
 */
import type { EmbeddingBuild } from '../../../db/queries/embedding-builds.ts'
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import { type Caps, minus } from '../../../schemas/budget.ts'
import type { Config } from '../../../schemas/config.ts'
import type { OutputOf } from '../../../schemas/output/outputs.ts'
import { SEARCH_KINDS } from '../../../schemas/search.ts'
import { buildVectorIndex } from '../../field/search/build-vector-index.ts'
import type { SearchableField } from '../../field/search/open-search.ts'
import { type WindowGate, windowGate } from '../../runner/window-gate.ts'
import type { Lease } from '../lease.ts'
import { windowKeeper } from '../run/window-keeper.ts'
import { indexOrderOf } from '../search/index-order.ts'
import { openIndexed } from '../search/open-indexed.ts'
import { withLease } from '../with-lease.ts'
import type { Workspace } from '../workspace.ts'
import { openCounting } from './counting.ts'
import { type Embedder, type Env, openEmbedder } from './embedder.ts'
import { type Filled, type FillOptions, fillVectors } from './fill-vectors.ts'
import { joinBuild } from './join-build.ts'
import { type EmbeddingEstimate, estimateEmbeddings, isAnyWanted } from './wanted-texts.ts'

export type EmbedSummary = OutputOf<'embed'>

export interface EmbedOptions {
  readonly kinds: readonly SearchKind[]
  /** null for the published field. */
  readonly fieldTag: string | null
  /** Whether texts that the model refused before are asked for again. */
  readonly retriesRefused: boolean
  /** Of the whole build, over every start until nothing is left to do; those that it has where none is named. */
  readonly caps: Caps
  readonly env: Env
  readonly signal: AbortSignal
  /** What is being done, for people who wait. */
  say(what: string): void
  onEstimate?(estimate: EmbeddingEstimate): void
  onProgress(filled: Filled): void
}

/** Asks nobody: neither a key is needed for it nor a file made, but for the index of words where there is none. */
export async function estimateEmbed(
  workspace: Workspace,
  config: Config,
  {
    kinds,
    fieldTag,
    retriesRefused,
    say,
  }: Pick<EmbedOptions, 'kinds' | 'fieldTag' | 'retriesRefused' | 'say'>,
): Promise<OutputOf<'embed --dry-run'>> {
  const counting = await openCounting(workspace, config, retriesRefused)
  try {
    const field = openIndexed(workspace, fieldTag, say)
    try {
      const estimate = await estimateEmbeddings(field, kinds, counting)
      return { fieldTag: field.fieldTag, model: counting.reference, estimate }
    } finally {
      field.close()
    }
  } finally {
    counting.close()
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
    return await withLease(workspace.control, 'embed', lease, async (held) => {
      const field = openIndexed(workspace, options.fieldTag, options.say)
      try {
        return await embedField(workspace, held, field, embedder, options, nowMs)
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
  lease: Lease,
  field: SearchableField,
  embedder: Embedder,
  options: EmbedOptions,
  nowMs: () => number,
): Promise<EmbedSummary> {
  const { store, modelNo, reference } = embedder
  store.abandonSent()
  if (options.retriesRefused) store.forgetRefused(modelNo)
  const estimate = await estimateEmbeddings(field, options.kinds, embedder)
  options.onEstimate?.(estimate)
  const build = joinBuild(embedder, options, estimate, nowMs())
  const { build: filledBuild, ...done } =
    build === null
      ? NOTHING_TO_DO
      : await inWindow(workspace, embedder.config.window, nowMs, (window) =>
          fillWithin(field, embedder, build, { ...options, window, expectHeld: lease.expectHeld }, nowMs),
        )
  options.say('making the vector index')
  lease.expectHeld()
  const inIndex = indexVectors(workspace, field, embedder)
  return { fieldTag: field.fieldTag, model: reference, estimate, ...done, inIndex, build: filledBuild }
}

/** Vectors and runs share a usage window, which is counted from the rows of both. */
async function inWindow<T>(
  workspace: Workspace,
  settings: Config['window'],
  nowMs: () => number,
  act: (window: WindowGate | null) => Promise<T>,
): Promise<T> {
  const keeper = windowKeeper(workspace, settings, 'embed', nowMs)
  if (keeper === null) return act(null)
  try {
    return await act(windowGate(keeper.memory, nowMs, async (tokens) => keeper.fill(tokens)))
  } finally {
    keeper.close()
  }
}

const NOTHING_TO_DO = {
  ...{ embedded: 0, refused: 0, requests: 0, tokens: 0, microUsd: 0, stop: null },
  build: null,
} as const

/** An open build is closed where nothing is left to do, also where there was nothing. */
async function fillWithin(
  field: SearchableField,
  embedder: Embedder,
  build: EmbeddingBuild,
  options: FillOptions,
  nowMs: () => number,
): Promise<Filled & Pick<EmbedSummary, 'build'>> {
  const { store, builds } = embedder
  const { buildId, caps } = build
  const before = store.bookedOfBuild(buildId)
  const filled = await fillVectors(field, embedder, build, options, nowMs)
  const others = build.hasFacts ? SEARCH_KINDS.filter((kind) => !options.kinds.includes(kind)) : []
  const isClosed = filled.stop === null && !(await isAnyWanted(field, others, embedder))
  if (isClosed) builds.close(buildId)
  const booked = store.bookedOfBuild(buildId)
  // From the rows: what broke off, or could not be used, is booked too.
  const { microUsd, tokens, calls: requests } = minus(booked, before)
  return {
    ...filled,
    ...{ microUsd, tokens, requests },
    build: { buildId, capMicroUsd: caps.microUsd, bookedMicroUsd: booked.microUsd, isClosed },
  }
}

function indexVectors(
  workspace: Workspace,
  field: SearchableField,
  embedder: Embedder,
): { concepts: number; facts: number } {
  const { store, modelNo, model, space, config } = embedder
  const dimensions = store.model(model)?.dimensions ?? null
  // The model has not answered yet.
  if (dimensions === null) return { concepts: 0, facts: 0 }
  const { vectorsPath, fieldDigest } = indexOrderOf(workspace, field.fieldTag).order
  return buildVectorIndex(field, {
    ...{ indexPath: vectorsPath, fieldDigest, space, model, dimensions },
    settings: config.embeddings,
    vectorOf: (textDigest) => store.vector(modelNo, textDigest),
  })
}
