import type { Failure } from '../../../schemas/failure.ts'
import type { Limiter } from './limiter.ts'

/** More tell nothing new; and without --wait somebody may be waiting for the end. */
const PROBES_IN_VAIN = 2

/**
 * A server that fails every time, and every probe after that, is an affair of the whole run.
 *
 * @param name of the provider
 * @param failure the last one
 * @returns why nothing more is to be asked of it; null where that is not known yet
 */
export function whyGone(
  { failedProbes }: Pick<Limiter, 'failedProbes'>,
  name: string,
  { code, message }: Failure,
): Failure | null {
  if (failedProbes < PROBES_IN_VAIN) return null
  return {
    code: 'systemic_failure',
    message: `${name} fails every time, and so did ${failedProbes} probes, the last one with ${code}: ${message}`,
  }
}
