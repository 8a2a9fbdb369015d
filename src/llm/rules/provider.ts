/** The provider `rules`: answers a request for a structure in this process, for nothing. */
import type { Reply, Request } from '../../../schemas/prompt.ts'
import { readFactLines } from '../../language/fact-lines.ts'
import type { LocalProvider } from '../provider.ts'
import { RULES_VERSION } from './rules-version.ts'
import { structureByRules } from './structure-by-rules.ts'

export const rulesProvider = (): LocalProvider => ({
  kind: 'local',
  name: 'rules',
  answer: answerByRules,
})

function answerByRules({ messages }: Request): Reply {
  // The question of a repair quotes findings and need not repeat the facts; the same facts get the same answer.
  const question = messages.findLast(({ role, content }) => role === 'user' && hasFactLines(content))
  if (question === undefined) return NO_FACTS
  return {
    ok: true,
    answer: {
      text: JSON.stringify(structureByRules(readFactLines(question.content))),
      finishReason: 'stop',
      usage: { promptTokens: 0, cachedTokens: 0, answerTokens: 0 },
      model: `rules@${RULES_VERSION}`,
      requestId: null,
      latencyMs: 0,
    },
  }
}

const hasFactLines = (content: string): boolean => /(?:^|\n)FACTS\n/u.test(content)

const NO_FACTS: Reply = {
  ok: false,
  failure: {
    code: 'provider_rejected',
    message: 'the rules read the facts of a cluster, found no facts in the question',
    mayBeBilled: false,
    retryAfterMs: null,
    isSystemic: false,
    httpStatus: null,
  },
}
