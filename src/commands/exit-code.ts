import { FAILURES, type FailureCode } from '../../schemas/failure.ts'

/** What the process ends with where this is what went wrong. */
export function exitCodeOf(code: FailureCode): number {
  const policy: { readonly exitCode?: number } = FAILURES[code]
  return policy.exitCode ?? 1
}
