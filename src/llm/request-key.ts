import { createHash, type Hash } from 'node:crypto'
import { canonicalJson } from '../../schemas/canonical-json.ts'
import type { Message, Request } from '../../schemas/prompt.ts'

/**
 * Names what is asked: the same key finds the stored answer, so the same question is never bought twice.
 *
 * In it is what was intended, not what went over the wire: no address, no key, no answer limit (it follows what was
 * observed), nothing that was learned of a server and left out for it. It is the digest of the canonical JSON of
 * messages, model, provider, sampling and schema, written in that order by hand: the first message is the same for a
 * whole run, and hashing it for each cluster was most of the cost.
 *
 * @returns SHA-256 in hexadecimal
 */
export function requestKeyOf(providerName: string, { model, messages, sampling, schema }: Request): string {
  const [first, ...others] = messages
  const set = Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined))
  const rest = others.map((message) => `,${textOf(message)}`).join('')
  const named = `"model":${JSON.stringify(model)},"provider":${JSON.stringify(providerName)}`
  return beginning(first)
    .update(`${rest}],${named},"sampling":${canonicalJson(set)},"schema":${JSON.stringify(schema.digest)}}`)
    .digest('hex')
}

const textOf = ({ role, content }: Message): string =>
  `{"content":${JSON.stringify(content)},"role":${JSON.stringify(role)}}`

/** Of the last first message: a thread asks one task at a time. */
let known: { readonly content: string; readonly hash: Hash } | undefined

function beginning(first: Message | undefined): Hash {
  const begin = (): Hash =>
    createHash('sha256').update(`{"messages":[${first === undefined ? '' : textOf(first)}`)
  if (first?.role !== 'system') return begin()
  if (known?.content !== first.content) known = { content: first.content, hash: begin() }
  return known.hash.copy()
}
