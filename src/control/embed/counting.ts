/** What texts are counted and priced with: neither a key nor a file of ours has to be there for it. */
import { existsSync } from 'node:fs'
import { openDb } from '../../../db/open.ts'
import { embeddingQueries } from '../../../db/queries/embeddings.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import { type EmbeddingMeter, embeddingMeterFor } from '../../llm/embedding-meter.ts'
import { parseReference } from '../../llm/reference.ts'
import type { Workspace } from '../workspace.ts'

export interface Counting {
  /** As the settings name the model. */
  readonly reference: string
  readonly meter: EmbeddingMeter
  readonly config: Config
  /** What is stored of a text; undefined where it is to be asked for. */
  known(textDigest: Buffer): 'vector' | 'refused' | undefined
  /** How long a vector is; null where neither the settings nor an answer have told. */
  dimensionsNow(): number | null
}

/** @throws RffError embeddings_not_set */
export function modelNamed({ embeddings }: Config): string {
  if (embeddings.model !== undefined) return embeddings.model
  throw new RffError('embeddings_not_set', 'the settings name no model that makes vectors')
}

export const makesNoVectors = (reference: string): RffError =>
  new RffError('usage', `${reference} makes no vectors; name an OpenAI-compatible server under [embeddings]`)

/**
 * @param areRefusedAsked whether texts that the model refused are to be asked for again
 * @throws RffError embeddings_not_set, usage, provider_unknown
 */
export async function openCounting(
  { embeddingsPath }: Pick<Workspace, 'embeddingsPath'>,
  config: Config,
  areRefusedAsked: boolean,
): Promise<Counting & { close(): void }> {
  const reference = modelNamed(config)
  const { dimensions = null } = config.embeddings
  const { provider, model } = parseReference(reference, config.providers)
  if (provider === 'rules' || config.providers[provider]?.command !== undefined)
    throw makesNoVectors(reference)
  const meter = await embeddingMeterFor(provider, model, config.prices)
  const db = existsSync(embeddingsPath) ? openDb(embeddingsPath, 'embeddings', { mode: 'read' }) : null
  const store = db === null ? null : embeddingQueries(db)
  const stored = store?.model({ provider, model, dimensionsAsked: dimensions ?? 0 })
  return {
    ...{ reference, meter, config },
    known(textDigest) {
      const state = stored === undefined ? undefined : store?.known(stored.modelNo, textDigest)
      return state === 'refused' && areRefusedAsked ? undefined : state
    },
    dimensionsNow: () => dimensions ?? stored?.dimensions ?? null,
    close: () => db?.close(),
  }
}
