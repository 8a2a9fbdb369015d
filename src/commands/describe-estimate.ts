/** What a run will cost, in words and a table. */
import type { CostEstimate, LaneEstimate, Range } from '../control/estimate/estimate-cost.ts'
import type { PromptEstimate } from '../control/estimate/estimate-prompts.ts'
import { count, plural } from '../language/counted.ts'
import { dollars, millis, percent } from './format.ts'
import { table } from './table.ts'

export function describeCost(prompts: PromptEstimate, cost: CostEstimate): string[] {
  const { lanes, microUsd, batchMicroUsd, hours, tokens, calls } = cost
  if (prompts.calls === 0) return ['  nothing of this has to be asked of a model: no cost']
  const rows = lanes.map((lane) => [
    lane.lane,
    lane.reference,
    count(lane.calls),
    count(lane.promptTokens),
    rangeOf(lane.answerTokens, count),
    lengthsOf(lane),
    lane.microUsd === null ? 'no price' : rangeOf(lane.microUsd, dollars),
  ])
  const lines = [table(COLUMNS, rows), `  prompts   ${howCounted(prompts)}`]
  lines.push(
    cost.repairShare === null
      ? '  repairs   not counted: nothing has told yet how many there will be'
      : `  repairs   ${percent(cost.repairShare)} of the clusters so far`,
    `  in all    ${plural(calls, 'call')}, ${rangeOf(tokens, count)} tokens`,
  )
  if (microUsd !== null && batchMicroUsd !== null)
    lines.push(`  cost      ${rangeOf(microUsd, dollars)} online, about ${dollars(batchMicroUsd)} in batches`)
  else lines.push('  cost      not known: a model has no price; see rff-shard spend prices')
  if (hours !== null) lines.push(`  time      ${millis(hours * 3_600_000)} at the limits of the settings`)
  if (lanes.some(({ basis, calls: n }) => basis === 'limit' && n > 0))
    lines.push('nobody has answered yet, so answers are taken to be as long as they may be at most')
  return lines
}

const COLUMNS = [
  { heading: 'lane' },
  { heading: 'model' },
  { heading: 'calls', isNumber: true },
  { heading: 'prompt tok.', isNumber: true },
  { heading: 'answer tok.', isNumber: true },
  { heading: 'per answer', isNumber: true },
  { heading: 'cost', isNumber: true },
]

const rangeOf = ({ low, mean, high }: Range, format: (n: number) => string): string =>
  low === high ? format(mean) : `${format(mean)} (${format(low)} to ${format(high)})`

function lengthsOf({ history }: LaneEstimate): string {
  if (history === null) return 'at most'
  const { answers, meanTokens, p50Tokens, p95Tokens } = history
  return `mean ${count(meanTokens)}, p50 ${count(p50Tokens)}, p95 ${count(p95Tokens)} of ${count(answers)}`
}

function howCounted({ counted, calls, counterKind }: PromptEstimate): string {
  const how = counterKind === 'exact' ? "with the model's tokeniser" : 'by bytes, which is never too low'
  return counted < calls ? `from ${count(counted)} of ${count(calls)}, ${how}` : `all counted ${how}`
}
