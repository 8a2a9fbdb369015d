/**
 * Any server that speaks OpenAI's chat completions.
 *
 * One call is one request, for every request that leaves is booked by the caller; his signal is the deadline of the
 * whole of it. Batches go through the `openai` package; what is asked thousands of times a minute does not (0250).
 */
import type { EmbeddingReply, EmbeddingRequest } from '../../schemas/embedding.ts'
import type { AskFailure, Reply, Request } from '../../schemas/prompt.ts'
import { openaiBatches } from './batch/openai-batches.ts'
import { chatBodyOf } from './chat-body.ts'
import { type Arrival, type AskedOf, compatibleServer } from './compatible-server.ts'
import { type Connection, openConnection } from './connection.ts'
import { judgeLoss } from './connection-loss.ts'
import { byteBound } from './count-tokens.ts'
import { type Deed, untilAborted } from './deadline.ts'
import { lostCall, refusedCall } from './failed-call.ts'
import { learnFromRejection } from './learn-profile.ts'
import { limitsSeenIn } from './limit-headers.ts'
import type { ProviderProfile } from './profile.ts'
import type { RemoteProvider } from './provider.ts'
import { readCompletion } from './read-completion.ts'
import { readEmbeddings } from './read-embeddings.ts'
import { redact } from './redact.ts'

type Failed = { readonly ok: false; readonly failure: AskFailure }

/**
 * The profile is a beginning: a parameter that the server refuses is left out of all later requests, and the failure
 * names it, so that the same request may go again at once.
 *
 * @param key null where the server wants none
 */
export function openaiCompatibleProvider(profile: ProviderProfile, key: string | null): RemoteProvider {
  let learned = profile
  let connection: Promise<Connection> | null = null
  const connect = (): Promise<Connection> => {
    connection ??= openConnection(profile, key)
    return connection
  }

  /** Several requests may be refused for one parameter at once; each may go again, the profile changes once. */
  const learn = (asked: ProviderProfile, parameter: string): boolean => {
    const next = learnFromRejection(asked, parameter)
    if (next !== null && asked === learned) learned = next
    return next !== null
  }

  const keys = key === null ? [] : [key]
  const server = compatibleServer(profile.baseUrl, key)

  /** @param bodyFor the profile as it is when the request leaves */
  async function exchange<Answered>(
    path: AskedOf,
    { clientRequestId }: Pick<Request, 'clientRequestId'>,
    signal: AbortSignal,
    bodyFor: (asked: ProviderProfile) => unknown,
    read: (arrival: Arrival, latencyMs: number) => { ok: true; answer: Answered } | Failed,
  ): Promise<{ ok: true; answer: Answered } | Failed> {
    const asked = learned
    const startedAt = performance.now()
    const deed = await untilAborted(signal, (stop) =>
      server.post(path, bodyFor(asked), clientRequestId, stop),
    )
    const latencyMs = Math.round(performance.now() - startedAt)
    const reply = deed.kind === 'done' ? read(deed.value, latencyMs) : failed(lossOf(deed))
    if (reply.ok) return reply
    const { rejectedParameter, ...failure } = reply.failure
    const message = redact(failure.message, keys)
    const canGoAgain = rejectedParameter !== undefined && learn(asked, rejectedParameter)
    return { ok: false, failure: { ...failure, message, ...(canGoAgain ? { rejectedParameter } : {}) } }
  }

  const batches = openaiBatches({
    ...{ connect, keys },
    bodyOf: (request) => chatBodyOf(request, learned),
    learn: (parameter) => void learn(learned, parameter),
  })

  return {
    kind: 'remote',
    name: profile.name,
    ...(profile.takesBatches === false ? {} : { batches }),

    ask: (request, signal) =>
      exchange(
        'chat/completions',
        request,
        signal,
        (asked) => chatBodyOf(request, asked),
        (arrival, latencyMs) => answerIn(arrival, request, latencyMs),
      ),

    embed: (request, signal) =>
      exchange(
        'embeddings',
        request,
        signal,
        (asked) => embeddingBodyOf(request, asked),
        (arrival, latencyMs) => vectorsIn(arrival, request, latencyMs),
      ),

    async probe(signal) {
      const deed = await untilAborted(signal, (stop) => server.get('models', stop))
      return deed.kind === 'done' && deed.value.error === null
    },
  }
}

/** Base64 is a third of the bytes that numbers take in JSON. */
function embeddingBodyOf(
  { model, texts, dimensions }: EmbeddingRequest,
  { rejectedParameters }: ProviderProfile,
): Record<string, unknown> {
  const format = rejectedParameters.includes('encoding_format') ? {} : { encoding_format: 'base64' }
  return { model, input: texts, ...(dimensions === null ? {} : { dimensions }), ...format }
}

function lossOf(deed: Exclude<Deed<Arrival>, { kind: 'done' }>): AskFailure {
  if (deed.kind === 'late') return lostCall('provider_timeout', 'no whole answer within the deadline', true)
  if (deed.kind === 'stopped')
    return lostCall('interrupted', 'the call was stopped before its answer was there', true)
  const { code, message, mayBeBilled } = judgeLoss(deed.error)
  return lostCall(code, message, mayBeBilled)
}

function answerIn(arrival: Arrival, request: Request, latencyMs: number): Reply {
  if (arrival.error !== null) return failed(refusedCall(arrival.error, arrival))
  const read = readCompletion(arrival.body, request)
  if (read.kind === 'error') return failed(refusedCall(read.error, arrival))
  if (read.kind === 'nonsense') return failed(lostCall('provider_error', read.message, true, arrival))
  return { ok: true, answer: { ...read.completion, ...toldWith(arrival, latencyMs) } }
}

function vectorsIn(arrival: Arrival, { texts }: EmbeddingRequest, latencyMs: number): EmbeddingReply {
  if (arrival.error !== null) return failed(refusedCall(arrival.error, arrival))
  const mostTokens = texts.reduce((sum, text) => sum + byteBound.count(text), 0)
  const read = readEmbeddings(arrival.body, texts.length, mostTokens)
  if (read.kind === 'error') return failed(refusedCall(read.error, arrival))
  if (read.kind === 'nonsense') return failed(lostCall('provider_error', read.message, true, arrival))
  return { ok: true, answer: { ...read.read, ...toldWith(arrival, latencyMs) } }
}

/** What a response says beside its body. */
function toldWith({ headers }: Arrival, latencyMs: number) {
  const limits = limitsSeenIn(headers)
  const requestId = headers.get('x-request-id')
  return { requestId, latencyMs, ...(limits === undefined ? {} : { limits }) }
}

const failed = (failure: AskFailure): Failed => ({ ok: false, failure })
