import { createHash } from 'node:crypto'
import { canonicalJson } from '../../schemas/canonical-json.ts'
import type { Request } from '../../schemas/prompt.ts'

/**
 * Names what is asked: the same key finds the stored answer, so the same question is never bought twice.
 *
 * In it is what was intended, not what went over the wire: no address, no key, no answer limit (it follows what was
 * observed), nothing that was learned of a server and left out for it.
 *
 * @returns SHA-256 in hexadecimal
 */
export function requestKeyOf(providerName: string, request: Request): string {
  const sampling = Object.fromEntries(
    Object.entries(request.sampling).filter(([, value]) => value !== undefined),
  )
  const named = {
    provider: providerName,
    model: request.model,
    sampling,
    schema: request.schema.digest,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
  }
  return createHash('sha256').update(canonicalJson(named)).digest('hex')
}
