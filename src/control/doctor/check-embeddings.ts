/** The model that makes vectors for search, where the settings name one: whether it could be asked, and what it answers. */
import Database from 'better-sqlite3'
import { loadVec } from '../../../db/load-vec.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import type { Config } from '../../../schemas/config.ts'
import type { EmbeddingAnswer } from '../../../schemas/embedding.ts'
import { type EmbeddingMeter, embeddingMeterFor } from '../../llm/embedding-meter.ts'
import type { RemoteProvider } from '../../llm/provider.ts'
import { providerFor } from '../../llm/provider-for.ts'
import { makesNoVectors } from '../embed/counting.ts'
import { type Check, checkOf } from './check.ts'

const check = checkOf('embeddings')

type Env = Readonly<Record<string, string | undefined>>

interface VectorMaker {
  readonly embed: NonNullable<RemoteProvider['embed']>
  readonly model: string
  readonly meter: EmbeddingMeter
}

/** Nobody is asked. */
export async function checkEmbeddings(config: Config, env: Env): Promise<Check[]> {
  const reference = config.embeddings.model
  if (reference === undefined) return []
  return [
    checkVec(),
    await told(reference, async () => {
      const { meter } = await openMaker(config, env, reference)
      return meter.price === null
        ? check('warn', reference, 'no price is known, so --max-usd cannot hold and no query is asked for')
        : check('ok', reference, 'makes vectors; its price is known')
    }),
  ]
}

/** One word; what it cost is said, and stands in no ledger. */
export async function askEmbeddings(config: Config, env: Env): Promise<Check[]> {
  const reference = config.embeddings.model
  if (reference === undefined) return []
  const name = `${reference} asked`
  const { dimensions = null } = config.embeddings
  const asked = await told(name, async () => {
    const { embed, model, meter } = await openMaker(config, env, reference)
    const request = { model, texts: ['water'], dimensions, clientRequestId: 'rff-doctor' }
    const reply = await embed(request, AbortSignal.timeout(config.run.deadlineMs))
    return reply.ok
      ? judge(name, reply.answer, dimensions, meter)
      : check('fail', name, `${reply.failure.code}: ${reply.failure.message}`)
  })
  return [asked]
}

function judge(
  name: string,
  answer: EmbeddingAnswer,
  dimensions: number | null,
  meter: EmbeddingMeter,
): Check {
  const { vectors, unusable, usage, model, latencyMs } = answer
  const length = vectors[0]?.length
  if (length === undefined) return check('fail', name, `embedding_unusable: ${unusable}`)
  const bill =
    usage.isBound === true
      ? 'it told no usage, so worst cases are booked'
      : `${usage.promptTokens} tokens${meter.price === null ? '' : `, $${(meter.actual(usage).microUsd / 1e6).toFixed(6)}`}`
  const found = `${model ?? 'it'} answered in ${latencyMs} ms; ${length} numbers a vector; ${bill}`
  return dimensions === null || dimensions === length
    ? check('ok', name, found)
    : check('fail', name, `${found}; embeddings.dimensions is ${dimensions}, set it to ${length}`)
}

async function openMaker(config: Config, env: Env, reference: string): Promise<VectorMaker> {
  const { provider, model } = providerFor(reference, { providers: config.providers, env })
  if (provider.kind === 'local' || provider.embed === undefined) throw makesNoVectors(reference)
  const meter = await embeddingMeterFor(provider.name, model, config.prices)
  return { embed: provider.embed.bind(provider), model, meter }
}

function checkVec(): Check {
  const db = new Database(':memory:')
  try {
    loadVec(db)
    return check('ok', 'sqlite-vec', 'can be loaded')
  } catch (cause) {
    const { code, message } = asFailure(cause)
    return check('warn', 'sqlite-vec', `${code}: ${message}; search is by words`)
  } finally {
    db.close()
  }
}

async function told(name: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look()
  } catch (cause) {
    const { code, message } = asFailure(cause)
    if (code === 'internal') throw cause
    return check('fail', name, `${code}: ${message}`)
  }
}
