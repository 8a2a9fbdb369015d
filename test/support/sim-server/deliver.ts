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
  slow_drip: (response, body, headers) => drip(response, JSON.stringify(body), headers),
  flood: (response, _, headers) => flood(response, headers),
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

const DRIP_MS = 50

/** A byte at a time, so that something always comes and the whole takes minutes. */
function drip(response: ServerResponse, text: string, headers: Headers): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  let at = 0
  const timer = setInterval(() => response.write(text[at++] ?? ' '), DRIP_MS)
  response.once('close', () => clearInterval(timer))
}

const FLOOD = Buffer.alloc(2 ** 20, ' ')

/** A body that does not end, as fast as it is taken. */
function flood(response: ServerResponse, headers: Headers): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  const pour = (): void => {
    while (!response.destroyed && response.write(FLOOD));
    if (!response.destroyed) response.once('drain', pour)
  }
  pour()
}
