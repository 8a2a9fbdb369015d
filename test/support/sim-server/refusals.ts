/** The faults that are an error from the server: status, type, code and message as the real ones write them. */
import type { Fault } from './script.ts'

export interface Refusal {
  readonly status: number
  readonly body: { readonly error: Readonly<Record<string, unknown>> }
}

const refusal = (
  status: number,
  type: string,
  code: string | null,
  message: string,
  param: string | null = null,
): Refusal => ({ status, body: { error: { message, type, param, code } } })

export const REFUSALS: Partial<Record<Fault, Refusal>> = {
  rate_limited: refusal(429, 'tokens', 'rate_limit_exceeded', 'Rate limit reached. Please try again later.'),
  request_too_large: refusal(
    429,
    'tokens',
    'rate_limit_exceeded',
    'Request too large for sim on tokens per min (TPM): Limit 1000, Requested 2000.',
  ),
  no_credit: refusal(
    429,
    'insufficient_quota',
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ),
  payment_required: refusal(402, 'payment_required', null, 'Insufficient credits.'),
  unauthorised: refusal(401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'),
  forbidden: refusal(
    403,
    'invalid_request_error',
    'forbidden',
    'Country, region, or territory not supported.',
  ),
  model_unknown: refusal(
    404,
    'invalid_request_error',
    'model_not_found',
    'The model does not exist.',
    'model',
  ),
  bad_request: refusal(400, 'invalid_request_error', null, 'This request cannot be served.'),
  context_length: refusal(
    400,
    'invalid_request_error',
    'context_length_exceeded',
    "This model's maximum context length is 8192 tokens.",
    'messages',
  ),
  request_timeout: refusal(408, 'timeout', null, 'The request took too long to arrive.'),
  server_error: refusal(500, 'server_error', null, 'The server had an error while processing your request.'),
  unavailable: refusal(503, 'server_error', null, 'The engine is currently overloaded.'),
  overloaded: refusal(529, 'overloaded_error', null, 'Overloaded.'),
}

export const rejectedParameter = (name: string): Refusal =>
  refusal(
    400,
    'invalid_request_error',
    'unsupported_parameter',
    `Unsupported parameter: '${name}' is not supported with this model.`,
    name,
  )

export const badInput = (message: string): Refusal =>
  refusal(400, 'invalid_request_error', null, message, 'input')

export const wrongKey = REFUSALS.unauthorised!
export const unknownModel = (model: string): Refusal =>
  refusal(
    404,
    'invalid_request_error',
    'model_not_found',
    `The model '${model}' does not exist or you do not have access to it.`,
    'model',
  )
