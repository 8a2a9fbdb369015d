/**
 * Any server that speaks OpenAI's chat completions, through the `openai` package.
 *
 * The package's own retries are off, for every request that leaves is booked by the caller; its timeout gives
 * way to the caller's signal over the whole call, for it ends when the headers arrive and a stalled body would hang
 * for ever.
 */
import type OpenAI from 'openai'
import type { AskFailure, Reply, Request } from '../../schemas/prompt.ts'
import { openaiBatches } from './batch/openai-batches.ts'
import { type ChatBody, chatBodyOf } from './chat-body.ts'
import { type Connection, openConnection } from './connection.ts'
import { judgeLoss } from './connection-loss.ts'
import { type Deed, untilAborted } from './deadline.ts'
import { lostCall, refusedCall } from './failed-call.ts'
import type { ReportedError } from './judge-error.ts'
import { learnFromRejection } from './learn-profile.ts'
import { limitsSeenIn } from './limit-headers.ts'
import type { ProviderProfile } from './profile.ts'
import type { RemoteProvider } from './provider.ts'
import { readCompletion } from './read-completion.ts'
import { redact } from './redact.ts'
import { errorFrom } from './reported-error.ts'

/** What came over the wire: a body of a 200, or an error with its status. */
interface Arrival {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  readonly error: ReportedError | null
}

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
  const batches = openaiBatches({
    ...{ connect, keys },
    bodyOf: (request) => chatBodyOf(request, learned),
    learn: (parameter) => void learn(learned, parameter),
  })

  return {
    kind: 'remote',
    name: profile.name,
    ...(profile.takesBatches === false ? {} : { batches }),

    async ask(request, signal) {
      const asked = learned
      const body = chatBodyOf(request, asked)
      const startedAt = performance.now()
      const headers = headersFor(request)
      const deed = await untilAborted(signal, async (stop) => call(await connect(), body, headers, stop))
      const latencyMs = Math.round(performance.now() - startedAt)
      const reply = replyOf(deed, request, latencyMs)
      if (reply.ok) return reply
      const { rejectedParameter, ...failure } = reply.failure
      const message = redact(failure.message, keys)
      const canGoAgain = rejectedParameter !== undefined && learn(asked, rejectedParameter)
      return { ok: false, failure: { ...failure, message, ...(canGoAgain ? { rejectedParameter } : {}) } }
    },

    async probe(signal) {
      const deed = await untilAborted(signal, async (stop) =>
        (await connect()).client.models.list({ signal: stop }),
      )
      return deed.kind === 'done'
    },
  }
}

/** A server that does not know the header leaves it alone; OpenAI keeps it with the request. */
const headersFor = ({ clientRequestId }: Request): Record<string, string> =>
  clientRequestId === undefined ? {} : { 'x-client-request-id': clientRequestId }

async function call(
  { client, APIError }: Connection,
  body: ChatBody,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Arrival> {
  try {
    const sent = client.chat.completions.create(
      body as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming,
      { signal, headers },
    )
    const { data, response } = await sent.withResponse()
    return { status: response.status, headers: response.headers, body: data, error: null }
  } catch (error) {
    if (!(error instanceof APIError) || error.status === undefined) throw error
    const found = { ...errorFrom(error.error ?? error.message, error.status), status: error.status }
    return { status: error.status, headers: error.headers ?? new Headers(), body: null, error: found }
  }
}

function replyOf(deed: Deed<Arrival>, request: Request, latencyMs: number): Reply {
  switch (deed.kind) {
    case 'late':
      return failed(lostCall('provider_timeout', 'no whole answer within the deadline', true))
    case 'stopped':
      return failed(lostCall('interrupted', 'the call was stopped before its answer was there', true))
    case 'threw': {
      const { code, message, mayBeBilled } = judgeLoss(deed.error)
      return failed(lostCall(code, message, mayBeBilled))
    }
    case 'done':
      return replyOfArrival(deed.value, request, latencyMs)
  }
}

function replyOfArrival(arrival: Arrival, request: Request, latencyMs: number): Reply {
  const { headers } = arrival
  if (arrival.error !== null) return failed(refusedCall(arrival.error, arrival))
  const read = readCompletion(arrival.body, request)
  if (read.kind === 'error') return failed(refusedCall(read.error, arrival))
  if (read.kind === 'nonsense') return failed(lostCall('provider_error', read.message, true, arrival))
  const limits = limitsSeenIn(headers)
  const requestId = headers.get('x-request-id')
  const seen = limits === undefined ? {} : { limits }
  return { ok: true, answer: { ...read.completion, requestId, latencyMs, ...seen } }
}

const failed = (failure: AskFailure): Reply => ({ ok: false, failure })
