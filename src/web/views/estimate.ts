import type { EstimatePage } from '../../../schemas/page/estimate.ts'
import type { Estimate } from '../../control/estimate/estimate.ts'

export const estimateView = (found: Estimate): EstimatePage => ({
  todo: found.todo,
  byRules: found.byRules,
  calls: found.calls,
  tokens: found.tokens,
  microUsd: found.microUsd,
  batchMicroUsd: found.batchMicroUsd,
  hours: found.hours,
  promptsCounted: found.prompts.counted,
  isCountExact: found.prompts.counterKind === 'exact' && found.prompts.counted === found.prompts.calls,
  lanes: found.lanes.map(({ lane, reference, calls, promptTokens, answerTokens, microUsd, basis }) => ({
    lane,
    reference,
    calls,
    promptTokens,
    answerTokens,
    microUsd,
    basis,
  })),
})
