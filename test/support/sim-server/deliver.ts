/** How a reply goes down the wire, whole or broken on purpose. */
import type { ServerResponse } from 'node:http'
import type { Fault } from './script.ts'

type Headers = Readonly<Record<string, string>>
type Delivery = (response: ServerResponse, body: Readonly<Record<string, unknown>>, headers: Headers) => void

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  })
  response.end(text)
}

/** The faults that a completion can meet on its way back; every other one has a sound body. */
const BROKEN_DELIVERIES: Partial<Record<Fault, Delivery>> = {
  hang: () => undefined,
  stall_in_body: (response, body, headers) => startBody(response, body, headers),
  reset_in_body: (response, body, headers) =>
    startBody(response, body, headers, () => response.socket?.resetAndDestroy()),
  cut_body: (response, body, headers) => startBody(response, body, headers, () => response.end()),
  html: (response, _, headers) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers })
    response.end('<html><body><h1>Bad gateway</h1></body></html>')
  },
  error_in_200: (response, _, headers) =>
    sendJson(response, 200, { error: { code: 502, message: 'Upstream error' } }, headers),
  no_choices: (response, body, headers) => sendJson(response, 200, { ...body, choices: [] }, headers),
}

export function deliver(
  response: ServerResponse,
  fault: Fault | 'none',
  body: Readonly<Record<string, unknown>>,
  headers: Headers,
): void {
  const broken = fault === 'none' ? undefined : BROKEN_DELIVERIES[fault]
  if (broken === undefined) sendJson(response, 200, body, headers)
  else broken(response, body, headers)
}

/** Sends the headers and half of the body, and then whatever `ending` does. */
function startBody(response: ServerResponse, body: unknown, headers: Headers, ending?: () => void): void {
  const text = JSON.stringify(body)
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.write(text.slice(0, Math.floor(text.length / 2)), () => ending?.())
}
