/** The body of a completion, sound or with a fault in its content. */
import type { Fault, SimOptions } from './script.ts'
import { factsOf, inACircle, type Structure, structureOf, withMadeUpTypes } from './structure-of-facts.ts'

export interface ChatRequest {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
}

export interface Completion {
  readonly body: Readonly<Record<string, unknown>>
  readonly promptTokens: number
  readonly answerTokens: number
}

/** Four characters a token: near enough for a server that bills by its own count. */
export const tokensOf = (text: string): number => Math.ceil(text.length / 4)
export const promptTokensOf = (request: ChatRequest): number =>
  request.messages.reduce((sum, { content }) => sum + 4 + tokensOf(content), 3)
export const answerLimitOf = (request: ChatRequest): number =>
  request.max_completion_tokens ?? request.max_tokens ?? Infinity

export function complete(
  request: ChatRequest,
  fault: Fault | 'none',
  id: string,
  { ignoresAnswerLimit = false, serviceTier }: Pick<SimOptions, 'ignoresAnswerLimit' | 'serviceTier'>,
): Completion {
  const structure = structureOf(factsOf(request.messages))
  const spoken = fault === 'refusal' ? '' : contentWith(fault, structure)
  const limit = ignoresAnswerLimit ? Infinity : answerLimitOf(request)
  const isCut = tokensOf(spoken) > limit
  const content = isCut ? spoken.slice(0, limit * 4) : spoken
  const promptTokens = promptTokensOf(request)
  const answerTokens = tokensOf(fault === 'refusal' ? REFUSAL : content)
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: answerTokens,
    total_tokens: promptTokens + answerTokens,
    prompt_tokens_details: { cached_tokens: 0 },
  }
  const message = {
    role: 'assistant',
    content: fault === 'refusal' ? null : content,
    refusal: fault === 'refusal' ? REFUSAL : null,
  }
  const body = {
    id,
    object: 'chat.completion',
    created: 0,
    model: `${request.model}-sim`,
    choices: [{ index: 0, message, finish_reason: finishReason(fault, isCut) }],
    ...(serviceTier === undefined ? {} : { service_tier: serviceTier }),
    ...(fault === 'no_usage' ? {} : { usage }),
  }
  return { body, promptTokens, answerTokens }
}

const REFUSAL = "I'm sorry, I can't help with that."

function contentWith(fault: Fault | 'none', structure: Structure): string {
  const sound = JSON.stringify(structure)
  switch (fault) {
    case 'broken_json':
      return sound.slice(0, -1).replace('"members"', '"members')
    case 'fenced':
      return `Here is the structure.\n\n\`\`\`json\n${sound}\n\`\`\`\n`
    case 'thinking':
      return `<think>The first fact {i: 0} names the concept.</think>\n${sound}`
    case 'off_schema':
      return JSON.stringify({ concepts: [structure] })
    case 'circle':
      return JSON.stringify(inACircle(structure))
    case 'made_up_type':
      return JSON.stringify(withMadeUpTypes(structure))
    case 'length':
      return sound.slice(0, Math.floor(sound.length / 2))
    case 'empty':
    case 'content_filter':
      return ''
    default:
      return sound
  }
}

function finishReason(fault: Fault | 'none', isCut: boolean): string {
  if (fault === 'content_filter') return 'content_filter'
  return isCut || fault === 'length' ? 'length' : 'stop'
}
