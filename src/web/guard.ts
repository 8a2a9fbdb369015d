/**
 * Who may ask what of the page's server.
 *
 * - Host: the name of this machine's loopback, an address, or the name that was asked for. A page elsewhere that points
 *   its own name at 127.0.0.1 is refused.
 * - Origin: where a browser tells one, it is that of the page.
 * - Token: everything but the page itself, which holds no data.
 */
import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import type { ApiError } from './api-error.ts'
import { isToken } from './page-token.ts'

export interface GuardSettings {
  readonly token: string
  /** As given to --host. */
  readonly host: string
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

/** On every answer, errors included. */
export const safeHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value)
}

export const fromHere =
  ({ host }: GuardSettings): MiddlewareHandler =>
  async (c, next) => {
    const asked = c.req.header('host') ?? ''
    if (!isOwnName(asked, host))
      return c.json<ApiError>(refusal('forbidden_host', `this page is not served as ${asked}`), 403)
    const origin = c.req.header('origin')
    if (origin !== undefined && origin !== `http://${asked}` && origin !== `https://${asked}`)
      return c.json<ApiError>(refusal('forbidden_origin', `a page of ${origin} may not ask here`), 403)
    return next()
  }

/** A request that changes something must say where it comes from, as every browser does, and carry JSON. */
export const changesFromThePage: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
  if (c.req.header('origin') === undefined && c.req.header('sec-fetch-site') !== undefined)
    return c.json<ApiError>(refusal('forbidden_origin', 'the request does not tell its origin'), 403)
  if (!/^application\/json\b/.test(c.req.header('content-type') ?? ''))
    return c.json<ApiError>(refusal('usage', 'expected content-type application/json'), 415)
  return next()
}

export const withToken =
  ({ token }: GuardSettings): MiddlewareHandler =>
  async (c, next) => {
    const given = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
    if (isToken(given, token)) return next()
    c.header('www-authenticate', 'Bearer')
    return c.json<ApiError>(
      refusal('token_missing', 'open the link that rff-shard serve printed, or send its token'),
      401,
    )
  }

const refusal = (code: string, message: string): ApiError => ({ error: { code, message, hint: '' } })

/** Names in DNS can be pointed at this machine by anybody; its addresses cannot. The port may be a tunnel's. */
function isOwnName(asked: string, host: string): boolean {
  const name = asked.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || name === host || isIP(name) !== 0
}
