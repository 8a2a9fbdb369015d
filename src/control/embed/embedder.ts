/** Who makes vectors, by the settings, with the limit that it stands under and the file that keeps what was paid for. */
import { type Db, openDb } from '../../../db/open.ts'
import { embeddingBuildQueries } from '../../../db/queries/embedding-builds.ts'
import { embeddingQueries, type StoredModel } from '../../../db/queries/embeddings.ts'
import { planQueries } from '../../../db/queries/plans.ts'
import type { Config } from '../../../schemas/config.ts'
import { TEXT_VERSION } from '../../field/search/embedding-text.ts'
import { embeddingMeterFor } from '../../llm/embedding-meter.ts'
import type { Limiter } from '../../llm/limiter/limiter.ts'
import type { RemoteProvider } from '../../llm/provider.ts'
import { providerFor } from '../../llm/provider-for.ts'
import { openLimit } from '../../runner/open-limit.ts'
import { openLimitsOf } from '../limits/open-limits.ts'
import type { Workspace } from '../workspace.ts'
import { type Counting, makesNoVectors, modelNamed } from './counting.ts'

export type Env = Readonly<Record<string, string | undefined>>

export interface Embedder extends Counting {
  readonly provider: Required<Pick<RemoteProvider, 'name' | 'embed'>>
  /** With the length of its vectors that is asked for. */
  readonly model: StoredModel
  readonly limiter: Limiter
  readonly store: ReturnType<typeof embeddingQueries>
  readonly builds: ReturnType<typeof embeddingBuildQueries>
  readonly modelNo: number
  /** Of the workspace, so that a provider's list tells its requests from another one's. */
  readonly lineage: string
  /** Names what its vectors are of; only vectors of one space can be compared. */
  readonly space: string
  close(): void
}

/** What a vector is of: the model, its length where one is asked for, and how texts are made. */
export function spaceOf({ embeddings }: Config, reference: string): string {
  const { dimensions = null, textPrefix, maxTextChars } = embeddings
  return JSON.stringify({ model: reference, dimensions, textPrefix, maxTextChars, textVersion: TEXT_VERSION })
}

/** @throws RffError embeddings_not_set, usage, provider_unknown, provider_key_missing, config_invalid */
export async function openEmbedder(
  workspace: Pick<Workspace, 'control' | 'limitsPath' | 'embeddingsPath'>,
  config: Config,
  env: Env,
): Promise<Embedder> {
  const reference = modelNamed(config)
  const { dimensions = null } = config.embeddings
  const { provider, model } = providerFor(reference, { providers: config.providers, env })
  if (provider.kind === 'local' || provider.embed === undefined) throw makesNoVectors(reference)
  const { limits } = openLimitsOf([reference], { file: workspace.limitsPath, config, env, threadCount: 1 })
  const meter = await embeddingMeterFor(provider.name, model, config.prices)
  const db: Db = openDb(workspace.embeddingsPath, 'embeddings', { mode: 'create' })
  const store = embeddingQueries(db)
  const stored = { provider: provider.name, model, dimensionsAsked: dimensions ?? 0 }
  const { modelNo } = store.ensureModel(stored)
  return {
    ...{ reference, model: stored, meter, store, modelNo, config },
    dimensionsNow: () => store.model(stored)?.dimensions ?? dimensions,
    builds: embeddingBuildQueries(db),
    known: (textDigest) => store.known(modelNo, textDigest),
    provider: { name: provider.name, embed: provider.embed.bind(provider) },
    limiter: openLimit(limits[reference]!),
    lineage: planQueries(workspace.control).knownLineage() ?? '',
    space: spaceOf(config, reference),
    close: () => db.close(),
  }
}
