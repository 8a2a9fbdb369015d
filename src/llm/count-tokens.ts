/** How many tokens a prompt has: counted where the model's tokeniser is known, bounded by its bytes elsewhere. */
import type { Request } from '../../schemas/prompt.ts'

export interface TokenCounter {
  /** `exact`: with the model's own tokeniser. `bound`: never too low, and up to several times too high. */
  readonly kind: 'exact' | 'bound'
  count(text: string): number
}

/** A token of a byte-level tokeniser is at least a byte long. */
export const byteBound: TokenCounter = { kind: 'bound', count: (text) => Buffer.byteLength(text) }

/** What a provider wraps around a message and around the whole, at most; OpenAI's own frame is 3 or 4 a message. */
const FRAME_TOKENS_PER_MESSAGE = 8
const FRAME_TOKENS = 16

const NEWER = /^(?:gpt-4o|gpt-4\.1|gpt-4\.5|gpt-[5-9]|chatgpt-4o|o[1-9])(?:[.-]|$)/u
const OLDER = /^(?:gpt-(?:4|3\.5)|text-embedding-(?:3|ada))(?:-|$)/u

/**
 * The tokeniser takes 30 MB and a quarter of a second to load, so it is loaded when a model first needs it.
 *
 * @param model as the provider knows it; a vendor before it (`openai/…`) is looked through
 */
export async function tokenCounterFor(model: string): Promise<TokenCounter> {
  const name = model.slice(model.lastIndexOf('/') + 1)
  if (NEWER.test(name)) return counterWith(await import('gpt-tokenizer/encoding/o200k_base'))
  if (name.startsWith('gpt-oss')) return counterWith(await import('gpt-tokenizer/encoding/o200k_harmony'))
  if (OLDER.test(name)) return counterWith(await import('gpt-tokenizer/encoding/cl100k_base'))
  return byteBound
}

interface Encoding {
  countTokens(text: string, options: { disallowedSpecial: Set<string> }): number
}

/** A fact that spells a special token is only text: nothing is disallowed. */
const AS_TEXT = { disallowedSpecial: new Set<string>() }

const counterWith = (encoding: Encoding): TokenCounter => ({
  kind: 'exact',
  count: (text) => encoding.countTokens(text, AS_TEXT),
})

/** What a request may be billed for its prompt at most: its text, its schema, and the frame around them. */
export function promptTokensAtMost({ messages, schema }: Request, counter: TokenCounter): number {
  const framed = messages.map(({ content }) => FRAME_TOKENS_PER_MESSAGE + counter.count(content))
  return framed.reduce(
    (sum, tokens) => sum + tokens,
    FRAME_TOKENS + counter.count(JSON.stringify(schema.json)),
  )
}
