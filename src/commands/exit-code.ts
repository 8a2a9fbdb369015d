import { isOfOneFile } from '../../schemas/as-failure.ts'
import { FAILURES, type Failure, type FailureCode } from '../../schemas/failure.ts'

/** What the process ends with where this is what went wrong. */
export function exitCodeOf(code: FailureCode): number {
  const policy: { readonly exitCode?: number } = FAILURES[code]
  return policy.exitCode ?? 1
}

/** A shard file that is not what it should be stops that shard alone: the rest is done, which is exit 7. */
export const exitCodeOfRun = (stop: Failure | null): number =>
  stop === null ? 0 : isOfOneFile(stop) ? 7 : exitCodeOf(stop.code)
