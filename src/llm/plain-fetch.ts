/** The fetch that is given to the `openai` package, so that what goes out and what comes back is as it should be. */
import { boundedText } from './bounded-text.ts'
import { ourHeaders } from './our-headers.ts'

/** All else that the package would add (its platform's name, headers from the environment) stays here. */
const OUTGOING_HEADERS = ['accept', 'content-type', 'x-client-request-id']

/** @param key null sends no authorization header: the package itself insists on a key */
export function plainFetch(key: string | null): typeof fetch {
  return async (input, { method = 'GET', body = null, signal = null, ...more } = {}) => {
    const url = input instanceof Request ? input.url : input.toString()
    const given = new Headers(more.headers)
    const headers = ourHeaders(key)
    for (const name of OUTGOING_HEADERS) {
      const value = given.get(name)
      if (value !== null) headers[name] = value
    }
    const response = await fetch(url, { method, body, signal, headers })
    return response.ok && isFile(url) ? response : asTold(response)
  }
}

/** Results of a batch are read line by line and may be of any size, wherever a redirect leads to. */
const isFile = (url: string): boolean => new URL(url).pathname.endsWith('/content')

async function asTold({ ok, status, headers, body }: Response): Promise<Response> {
  if (body === null) return new Response(null, { status, headers })
  const text = await boundedText(body)
  return new Response(ok ? text : nested(text), { status, headers })
}

/** The package looks for errors under `error` only and forgets flat ones, which older vLLM and FastAPI servers send. */
function nested(text: string): string {
  try {
    const body = JSON.parse(text) as unknown
    if (typeof body !== 'object' || body === null || 'error' in body) return text
    return JSON.stringify({ error: 'message' in body ? body : { ...body, message: text.slice(0, 1_000) } })
  } catch {
    // Not JSON: the package takes the text itself for the message.
    return text
  }
}
