/** Who makes vectors, by the settings, with the limit that it stands under and the file that keeps what was paid for. */
import type { Db } from '../../../db/open.ts'
import { openDb } from '../../../db/open.ts'
import { embeddingQueries } from '../../../db/queries/embeddings.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { TEXT_VERSION } from '../../field/search/embedding-text.ts'
import { type EmbeddingMeter, embeddingMeterFor } from '../../llm/embedding-meter.ts'
import type { Limiter } from '../../llm/limiter/limiter.ts'
import type { RemoteProvider } from '../../llm/provider.ts'
import { providerFor } from '../../llm/provider-for.ts'
import { openLimit } from '../../runner/open-limit.ts'
import { openLimitsOf } from '../limits/open-limits.ts'
import type { Workspace } from '../workspace.ts'

export type Env = Readonly<Record<string, string | undefined>>

export interface Embedder {
  /** As the settings name it. */
  readonly reference: string
  readonly provider: Required<Pick<RemoteProvider, 'name' | 'embed'>>
  /** As the provider knows it. */
  readonly model: string
  readonly dimensions: number | null
  readonly meter: EmbeddingMeter
  readonly limiter: Limiter
  readonly store: ReturnType<typeof embeddingQueries>
  readonly modelNo: number
  /** Names what its vectors are of; only vectors of one space can be compared. */
  readonly space: string
  readonly config: Config
  close(): void
}

/** What a vector is of: the model, its length where one is asked for, and how texts are made. */
export function spaceOf({ embeddings }: Config, reference: string): string {
  const { dimensions = null, textPrefix, maxTextChars } = embeddings
  return JSON.stringify({ model: reference, dimensions, textPrefix, maxTextChars, textVersion: TEXT_VERSION })
}

/** @throws RffError embeddings_not_set, usage, provider_unknown, provider_key_missing, config_invalid */
export async function openEmbedder(workspace: Workspace, config: Config, env: Env): Promise<Embedder> {
  const { model: reference, dimensions = null } = config.embeddings
  if (reference === undefined)
    throw new RffError('embeddings_not_set', 'the settings name no model that makes vectors')
  const { provider, model } = providerFor(reference, { providers: config.providers, env })
  if (provider.kind === 'local' || provider.embed === undefined)
    throw new RffError(
      'usage',
      `${reference} makes no vectors; name an OpenAI-compatible server under [embeddings]`,
    )
  const { limits } = openLimitsOf([reference], { file: workspace.limitsPath, config, env, threadCount: 1 })
  const meter = await embeddingMeterFor(provider.name, model, config.prices)
  const db: Db = openDb(workspace.embeddingsPath, 'embeddings', { mode: 'create' })
  const store = embeddingQueries(db)
  const { modelNo } = store.ensureModel(provider.name, model, dimensions ?? 0)
  return {
    ...{ reference, model, dimensions, meter, store, modelNo, config },
    provider: { name: provider.name, embed: provider.embed.bind(provider) },
    limiter: openLimit(limits[reference]!),
    space: spaceOf(config, reference),
    close: () => db.close(),
  }
}

/** How long its vectors are; null where it has not answered yet. */
export const dimensionsOf = ({ store, provider, model, dimensions }: Embedder): number | null =>
  store.model(provider.name, model, dimensions ?? 0)?.dimensions ?? null
