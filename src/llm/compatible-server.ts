/** What goes to a server that speaks OpenAI's protocol and what comes back, whatever is asked of it. */
import { type ArrivedText, exchangeText } from './exchange-text.ts'
import type { ReportedError } from './judge-error.ts'
import type { HeaderSource } from './limit-headers.ts'
import { ourHeaders } from './our-headers.ts'
import { errorOf } from './reported-error.ts'

/** What came over the wire: a body of a 200, or an error with its status. */
export interface Arrival {
  readonly status: number
  readonly headers: HeaderSource
  /** What it parsed to; the text itself where it is not JSON. */
  readonly body: unknown
  readonly error: ReportedError | null
}

export type AskedOf = 'chat/completions' | 'embeddings' | 'models'

/** Both throw where no whole response came; the signal ends them. */
export interface CompatibleServer {
  /** @param clientRequestId a server that does not know the name leaves it alone; OpenAI keeps it with the request */
  post(
    path: AskedOf,
    body: unknown,
    clientRequestId: string | undefined,
    signal: AbortSignal,
  ): Promise<Arrival>
  get(path: AskedOf, signal: AbortSignal): Promise<Arrival>
}

/**
 * @param baseUrl with `/v1`, or whatever stands before what is asked
 * @param key null where the server wants none
 */
export function compatibleServer(baseUrl: string, key: string | null): CompatibleServer {
  const base = baseUrl.replace(/\/+$/u, '')
  const headers = { ...ourHeaders(key), accept: 'application/json' }
  const postHeaders = { ...headers, 'content-type': 'application/json' }
  const urls = Object.fromEntries(
    (['chat/completions', 'embeddings', 'models'] as const).map((path) => [path, new URL(`${base}/${path}`)]),
  ) as Record<AskedOf, URL>
  return {
    post: async (path, body, clientRequestId, signal) =>
      arrivalOf(
        await exchangeText({
          ...{ url: urls[path], method: 'POST', body: Buffer.from(JSON.stringify(body)), signal },
          headers:
            clientRequestId === undefined
              ? postHeaders
              : { ...postHeaders, 'x-client-request-id': clientRequestId },
        }),
      ),
    get: async (path, signal) =>
      arrivalOf(await exchangeText({ url: urls[path], method: 'GET', headers, body: null, signal })),
  }
}

function arrivalOf({ status, headers, text }: ArrivedText): Arrival {
  const body = parsedOr(text)
  const isSuccess = status >= 200 && status < 300
  return { status, headers, body, error: isSuccess ? null : errorOf(body, status) }
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A page of a gateway, or a body that was cut: who reads it says so.
    return text
  }
}
