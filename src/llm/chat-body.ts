/** A request in the words of an OpenAI-compatible server. */
import { createHash } from 'node:crypto'
import type { Message, Request } from '../../schemas/prompt.ts'
import type { ProviderProfile } from './profile.ts'
import { schemaDemand } from './schema-demand.ts'

export type ChatBody = Readonly<Record<string, unknown>> & {
  readonly model: string
  readonly messages: readonly Message[]
}

/** A parameter that is not set, or that the server does not take, is not in the body. */
export function chatBodyOf(request: Request, profile: ProviderProfile): ChatBody {
  const { temperature, topP, seed, reasoningEffort } = request.sampling
  const optional = {
    temperature,
    top_p: topP,
    seed,
    reasoning_effort: reasoningEffort,
    prompt_cache_key: profile.takesPromptCacheKey ? promptCacheKeyOf(request) : undefined,
    ...profile.extraBody,
  }
  const taken = Object.entries(optional).filter(
    ([name, value]) => value !== undefined && !profile.rejectedParameters.includes(name),
  )
  return {
    model: request.model,
    messages: messagesFor(request, profile),
    ...responseFormat(request, profile),
    [profile.answerLimitParameter]: request.answerLimitTokens,
    ...Object.fromEntries(taken),
  }
}

function responseFormat({ schema }: Request, profile: ProviderProfile): Record<string, unknown> {
  if (profile.structuredOutput === 'none') return {}
  if (profile.structuredOutput === 'json') return { response_format: { type: 'json_object' } }
  const json_schema = { name: schema.name, schema: schema.json, strict: true }
  return { response_format: { type: 'json_schema', json_schema } }
}

/**
 * Where the server does not keep to a schema, the model must be told it. It stands at the end of the first message,
 * before the item, so that the equal prefix of all requests stays as long as it can be.
 */
function messagesFor(request: Request, profile: ProviderProfile): readonly Message[] {
  if (profile.structuredOutput === 'strict') return request.messages
  const demand = schemaDemand(request.schema)
  const [first, ...others] = request.messages
  if (first?.role !== 'system') return [{ role: 'system', content: demand }, ...request.messages]
  return [{ role: 'system', content: `${first.content}\n\n${demand}` }, ...others]
}

/** One per version of a prompt: a digest of what all its requests begin with. */
function promptCacheKeyOf({ task, messages, schema }: Request): string {
  const prefix = [task, schema.digest, messages[0]?.role === 'system' ? messages[0].content : '']
  return createHash('sha256').update(prefix.join('\0')).digest('hex').slice(0, 32)
}
