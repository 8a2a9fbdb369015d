/** Asks the server. The token comes with the link, behind `#`, and is kept for this address alone. */

const KEPT_AS = 'rff-shard token'

/** Takes the token out of the address, so that it is in no history and no screenshot. */
export function takeToken(): void {
  const given = /^#token=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1]
  if (given === undefined) return
  localStorage.setItem(KEPT_AS, given)
  history.replaceState(null, '', `${location.pathname}#/overview`)
}

export const keepToken = (token: string): void => localStorage.setItem(KEPT_AS, token)

export const authorization = (): Record<string, string> => ({
  authorization: `Bearer ${localStorage.getItem(KEPT_AS) ?? ''}`,
})

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly code: string
  readonly hint: string
  constructor(code: string, message: string, hint: string) {
    super(message)
    this.code = code
    this.hint = hint
  }
}

interface ErrorBody {
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string }
}

async function answer<T>(response: Response): Promise<T> {
  const body = (await response.json().catch(() => ({}))) as T & ErrorBody
  if (response.ok) return body
  const { code, message, hint } = body.error ?? {
    code: String(response.status),
    message: response.statusText,
    hint: '',
  }
  throw new ApiFailure(code, message, hint)
}

type Query = Readonly<Record<string, string | number | null | undefined>>

/** @throws ApiFailure; TypeError where the server is gone */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const given = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  )
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  const url = `/api${path}${search === '' ? '' : `?${search}`}`
  return answer<T>(
    await fetch(url, { headers: authorization(), ...(signal === undefined ? {} : { signal }) }),
  )
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { ...authorization(), 'content-type': 'application/json' }
  return answer<T>(
    await fetch(`/api${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    }),
  )
}
