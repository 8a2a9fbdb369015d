/** The fetch that is given to the `openai` package, so that what goes out and what comes back is as it should be. */

/** All else that the package would add (its platform's name, headers from the environment) stays here. */
const OUTGOING_HEADERS = ['accept', 'content-type', 'x-client-request-id']

/**
 * @param key null sends no authorization header: the package itself insists on a key
 * @param userAgent who we say that we are
 */
export function plainFetch(key: string | null, userAgent: string): typeof fetch {
  return async (input, init) => {
    const given = new Headers(init?.headers)
    const headers = new Headers({ 'user-agent': userAgent })
    if (key !== null) headers.set('authorization', `Bearer ${key}`)
    for (const name of OUTGOING_HEADERS) {
      const value = given.get(name)
      if (value !== null) headers.set(name, value)
    }
    const response = await fetch(input, { ...init, headers })
    const read = response.ok && isFile(input) ? response : bounded(response)
    return read.ok ? read : nestError(read)
  }
}

/** No answer is nearly as long; one without end would fill the memory long before the deadline. */
export const MOST_BODY_BYTES = 16 * 2 ** 20

/** Files of a batch's results may be of any size, for they are read line by line, wherever a redirect leads to. */
const isFile = (asked: string | URL | Request): boolean =>
  new URL(asked instanceof Request ? asked.url : asked).pathname.endsWith('/content')

function bounded(response: Response): Response {
  const { body, status, headers } = response
  const announced = headers.has('content-encoding')
    ? Infinity
    : Number(headers.get('content-length') ?? Infinity)
  if (body === null || announced <= MOST_BODY_BYTES) return response
  let bytes = 0
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length
      if (bytes > MOST_BODY_BYTES)
        controller.error(new Error(`the body is longer than ${MOST_BODY_BYTES} bytes`))
      else controller.enqueue(chunk)
    },
  })
  return new Response(body.pipeThrough(counted), { status, headers })
}

/** The package looks for errors under `error` only and forgets flat ones, which older vLLM and FastAPI servers send. */
async function nestError(response: Response): Promise<Response> {
  const text = await response.text()
  const { status, headers } = response
  return new Response(nested(text), { status, headers })
}

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
