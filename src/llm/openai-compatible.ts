/**
 * Any server that speaks OpenAI's chat completions, through the `openai` package.
 *
 * The package's own retries are off, for every request that leaves is booked by the caller; its timeout gives
 * way to the caller's signal over the whole call, for it ends when the headers arrive and a stalled body would hang
 * for ever.
 */
import type OpenAI from 'openai'
import type { AskFailure, Reply, Request } from '../../schemas/prompt.ts'
import { type ChatBody, chatBodyOf } from './chat-body.ts'
import { judgeLoss } from './connection-loss.ts'
import { type Deed, untilAborted } from './deadline.ts'
import { judgeError, type ReportedError } from './judge-error.ts'
import { learnFromRejection } from './learn-profile.ts'
import { limitsSeenIn, retryAfterMsIn } from './limit-headers.ts'
import { plainFetch } from './plain-fetch.ts'
import type { ProviderProfile } from './profile.ts'
import type { RemoteProvider } from './provider.ts'
import { readCompletion } from './read-completion.ts'
import { redact } from './redact.ts'
import { errorFrom } from './reported-error.ts'

/** The package's client, and the class by which its errors are told. */
interface Connection {
  readonly client: OpenAI
  readonly APIError: typeof OpenAI.APIError
}

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

  return {
    kind: 'remote',
    name: profile.name,

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
      const message = redact(failure.message, key === null ? [] : [key])
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

/** The package is loaded when it is first needed: a run with the built-in provider never does. */
async function openConnection(profile: ProviderProfile, key: string | null): Promise<Connection> {
  const { OpenAI, APIError } = await import('openai')
  const client = new OpenAI({
    baseURL: profile.baseUrl,
    apiKey: key ?? 'none',
    maxRetries: 0,
    // As long as a timer can be: the caller's signal is what counts.
    timeout: 2 ** 31 - 1,
    fetch: plainFetch(key, 'rff-shard'),
    // What the package would otherwise read from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
  })
  return { client, APIError }
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
      return lost('provider_timeout', 'no whole answer within the deadline', true)
    case 'stopped':
      return lost('interrupted', 'the call was stopped before its answer was there', true)
    case 'threw': {
      const { code, message, mayBeBilled } = judgeLoss(deed.error)
      return lost(code, message, mayBeBilled)
    }
    case 'done':
      return replyOfArrival(deed.value, request, latencyMs)
  }
}

function replyOfArrival(arrival: Arrival, request: Request, latencyMs: number): Reply {
  const { headers } = arrival
  if (arrival.error !== null) return refused(arrival.error, arrival)
  const read = readCompletion(arrival.body, request)
  if (read.kind === 'error') return refused(read.error, arrival)
  if (read.kind === 'nonsense') return lost('provider_error', read.message, true, arrival)
  const limits = limitsSeenIn(headers)
  const requestId = headers.get('x-request-id')
  const seen = limits === undefined ? {} : { limits }
  return { ok: true, answer: { ...read.completion, requestId, latencyMs, ...seen } }
}

function refused(error: ReportedError, arrival: Arrival): Reply {
  const judgement = judgeError(error)
  const message = error.message === '' ? `status ${error.status}` : error.message
  return { ok: false, failure: { ...judgement, message: shorten(message), ...toldBy(arrival) } }
}

function lost(code: AskFailure['code'], message: string, mayBeBilled: boolean, arrival?: Arrival): Reply {
  const told = arrival === undefined ? { retryAfterMs: null, httpStatus: null } : toldBy(arrival)
  return { ok: false, failure: { code, message: shorten(message), mayBeBilled, isSystemic: false, ...told } }
}

function toldBy({
  status,
  headers,
}: Arrival): Pick<AskFailure, 'retryAfterMs' | 'httpStatus' | 'requestId' | 'limits'> {
  const limits = limitsSeenIn(headers)
  return {
    retryAfterMs: retryAfterMsIn(headers, Date.now()),
    httpStatus: status,
    requestId: headers.get('x-request-id'),
    ...(limits === undefined ? {} : { limits }),
  }
}

const shorten = (message: string): string => (message.length > 500 ? `${message.slice(0, 500)}…` : message)
