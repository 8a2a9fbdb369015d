import { createHash, type Hash, hash } from 'node:crypto'
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
  const named = `"model":${JSON.stringify(model)},"provider":${JSON.stringify(providerName)}`
  const end = `],${named},"sampling":${canonicalJson(set)},"schema":${JSON.stringify(schema.digest)}}`
  if (first?.role !== 'system') return hash('sha256', BEGINNING + messages.map(textOf).join(',') + end)
  const rest = others.map((message) => `,${textOf(message)}`).join('')
  return begunWith(first)
    .update(rest + end)
    .digest('hex')
}

const BEGINNING = '{"messages":['

const textOf = ({ role, content }: Message): string =>
  `{"content":${JSON.stringify(content)},"role":${JSON.stringify(role)}}`

/** Of the last first message: a thread asks one task at a time. */
let known: { readonly content: string; readonly hash: Hash } | undefined

function begunWith(first: Message): Hash {
  if (known?.content !== first.content)
    known = { content: first.content, hash: createHash('sha256').update(BEGINNING + textOf(first)) }
  return known.hash.copy()
}
