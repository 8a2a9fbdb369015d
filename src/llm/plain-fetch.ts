/** The fetch that is given to the `openai` package, so that what goes out and what comes back is as it should be. */
import { type ArrivedText, boundedText, exchangeText } from './exchange-text.ts'

/** All else that the package would add (its platform's name, headers from the environment) stays here. */
const OUTGOING_HEADERS = ['accept', 'content-type', 'x-client-request-id']

/**
 * @param key null sends no authorization header: the package itself insists on a key
 * @param userAgent who we say that we are
 */
export function plainFetch(key: string | null, userAgent: string): typeof fetch {
  return async (input, { method = 'GET', body = null, signal = null, ...more } = {}) => {
    const url = input instanceof Request ? input.url : input.toString()
    const given = new Headers(more.headers)
    const headers: Record<string, string> = { 'user-agent': userAgent }
    if (key !== null) headers.authorization = `Bearer ${key}`
    for (const name of OUTGOING_HEADERS) {
      const value = given.get(name)
      if (value !== null) headers[name] = value
    }
    const isText = body === null || typeof body === 'string'
    if (isText && !isFile(url)) return asTold(await exchangeText({ url, method, headers, body, signal }))
    const response = await fetch(url, { method, body, signal, headers })
    return response.ok && isFile(url) ? response : asTold(await withText(response))
  }
}

/** Results of a batch are read line by line and may be of any size, wherever a redirect leads to. */
const isFile = (url: string): boolean => new URL(url).pathname.endsWith('/content')

const withText = async ({ status, headers, body }: Response): Promise<ArrivedText> => ({
  ...{ status, headers },
  text: body === null ? '' : await boundedText(body),
})

const HAVE_NO_BODY = new Set([204, 205, 304])

function asTold({ status, headers, text }: ArrivedText): Response {
  if (HAVE_NO_BODY.has(status)) return new Response(null, { status, headers })
  const isOk = status >= 200 && status < 300
  return new Response(isOk ? text : nested(text), { status, headers })
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
