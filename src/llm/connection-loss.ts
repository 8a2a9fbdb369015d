/** What it means that a call threw instead of bringing a response. */
import type { FailureCode } from '../../schemas/failure.ts'

export interface ConnectionLoss {
  readonly code: FailureCode
  readonly message: string
  /** False only where the request cannot have reached the server. */
  readonly mayBeBilled: boolean
}

const NEVER_ARRIVED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

const TIMED_OUT = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'])

/** @param error what undici threw, or the package of batches: its own connection errors, or a bare one from a body */
export function judgeLoss(error: unknown): ConnectionLoss {
  const chain = [...causesOf(error)]
  const systemCode = chain.map(codeOf).find((code) => code !== null) ?? null
  const isTimeout =
    chain.some(({ name }) => name === 'APIConnectionTimeoutError') ||
    (systemCode !== null && TIMED_OUT.has(systemCode))
  const message = chain.map((cause) => `${cause.name}: ${cause.message}`).join(' < ') || String(error)
  return {
    code: isTimeout ? 'provider_timeout' : 'provider_error',
    message: systemCode === null ? message : `${systemCode}: ${message}`,
    mayBeBilled: systemCode === null || !NEVER_ARRIVED.has(systemCode),
  }
}

function* causesOf(error: unknown): Generator<Error> {
  let cause = error
  for (let depth = 0; cause instanceof Error && depth < 5; depth++) {
    yield cause
    cause = cause.cause
  }
}

const codeOf = (error: Error): string | null =>
  'code' in error && typeof error.code === 'string' ? error.code : null
