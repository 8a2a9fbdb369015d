/** What an error that a server reports means for the request and for the run. */
import type { FailureCode } from '../../schemas/failure.ts'

/** An error as the server told it, whether by its status or inside a 200. */
export interface ReportedError {
  readonly status: number
  readonly message: string
  readonly code: string | null
  readonly type: string | null
  readonly param: string | null
  /** Some routers say here why a prompt was refused by moderation. */
  readonly hasModerationReasons: boolean
}

export interface Judgement {
  readonly code: FailureCode
  readonly isSystemic: boolean
  readonly mayBeBilled: boolean
  readonly rejectedParameter?: string
}

const passing = (code: FailureCode, mayBeBilled = false): Judgement => ({
  code,
  isSystemic: false,
  mayBeBilled,
})
const systemic = (code: FailureCode): Judgement => ({ code, isSystemic: true, mayBeBilled: false })

export function judgeError(error: ReportedError): Judgement {
  if (saysNoCredit(error)) return systemic('provider_no_credit')
  switch (error.status) {
    case 401:
      return systemic('provider_unauthorised')
    case 402:
      return systemic('provider_no_credit')
    case 403:
      return error.hasModerationReasons ? passing('answer_filtered') : systemic('provider_unauthorised')
    case 404:
      return systemic('provider_model_unknown')
    case 413:
      return passing('request_too_large')
    case 429:
      return saysTooLarge(error) ? passing('request_too_large') : passing('provider_busy')
    case 408:
    case 504:
    case 524:
      // A gateway gave up waiting; what stands behind it may have gone on, and billed it.
      return passing('provider_error', true)
    case 409:
      return passing('provider_error')
    default:
      return error.status >= 500 ? passing('provider_error') : judgeRejection(error)
  }
}

function judgeRejection(error: ReportedError): Judgement {
  if (saysTooLarge(error)) return passing('request_too_large')
  if (error.code === 'content_filter' || error.code === 'content_policy_violation') {
    return passing('answer_filtered')
  }
  if (
    error.code === 'model_not_found' ||
    /not a valid model|invalid model\b|model .*(?:not found|not exist)/iu.test(error.message)
  ) {
    return systemic('provider_model_unknown')
  }
  const parameter = rejectedParameterIn(error)
  return { ...passing('provider_rejected'), ...(parameter === null ? {} : { rejectedParameter: parameter }) }
}

const saysNoCredit = ({ code, type }: ReportedError): boolean =>
  [code, type].some((word) => word === 'insufficient_quota' || word === 'billing_hard_limit_reached')

const saysTooLarge = ({ code, message }: ReportedError): boolean =>
  code === 'context_length_exceeded' ||
  /request too large|maximum context length|context (?:length|window|size)|too many tokens|prompt is too long/iu.test(
    message,
  )

/** Some servers name the parameter in a field of its own, others only in a sentence. */
function rejectedParameterIn({ code, param, message }: ReportedError): string | null {
  const isAboutSupport =
    code === 'unsupported_parameter' ||
    code === 'unsupported_value' ||
    /unsupported|not support|unrecognized|unknown (?:parameter|field)|not permitted|extra inputs/iu.test(
      message,
    )
  if (!isAboutSupport) return null
  return param ?? /['"`]([a-z_][a-z_.]*)['"`]/u.exec(message)?.[1] ?? null
}
