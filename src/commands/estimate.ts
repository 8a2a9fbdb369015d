import type { Caps } from '../../schemas/budget.ts'
import { RffError } from '../../schemas/failure.ts'
import { readPrompt } from '../config/read-prompt.ts'
import { askSample } from '../control/estimate/ask-sample.ts'
import { type Estimate, estimate } from '../control/estimate/estimate.ts'
import type { RunSummary } from '../control/run/run-summary.ts'
import { openWorkspace } from '../control/workspace.ts'
import { count, plural } from '../language/counted.ts'
import type { CommandOptions, CommandSpec } from './command.ts'
import { describeCost } from './describe-estimate.ts'
import { describeStop } from './describe-stop.ts'
import { exitCodeOf } from './exit-code.ts'
import { dollars } from './format.ts'
import { printJson } from './print-json.ts'
import { capsOf } from './read-caps.ts'
import { isSet, wholeNumber } from './read-options.ts'

/** Enough for an interval, and little beside any run that needs an estimate. */
const SAMPLE_CLUSTERS = 64

export const estimateCommand: CommandSpec = {
  name: 'estimate',
  summary: 'what is left to do will cost: calls, tokens, dollars online and in batches, hours',
  examples: [
    'estimate',
    'estimate --model openai/gpt-5-mini',
    'estimate --ask --max-usd 0.50',
    'estimate --ask --sample 100 --max-usd 2 --json',
  ],
  configure: (command) =>
    command
      .option('--model <reference>', 'who would answer')
      .option('--repair-model <reference>', 'who would get the repair call')
      .option('--expensive-model <reference>', 'who would get the last sweep')
      .option('--ask', 'pay for a sample first; its answers are kept')
      .option('--sample <n>', `clusters of the sample; ${SAMPLE_CLUSTERS} if not given`)
      .option('--max-usd <dollars>', 'the most that the sample may cost')
      .option('--max-tokens <n>', 'the most tokens that the sample may use')
      .option('--max-calls <n>', 'the most requests that the sample may send'),
  async run(_args, options, context) {
    const config = context.loadConfig({
      models: { primary: options.model, repair: options.repairModel, expensive: options.expensiveModel },
    })
    const promptText = readPrompt(config.structure.promptFile)
    const caps = capsOf(options)
    const size = sampleSizeOf(options, caps)
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const sample =
        size === null
          ? null
          : await askSample(
              workspace,
              config,
              { size, caps, promptText, env: context.env, signal: context.signal },
              context.nowMs,
            )
      const found = await estimate(workspace, config, promptText)
      if (context.wantsJson) printJson(context, 'estimate', { ...found, sample })
      else context.print(describeEstimate(found, sample))
      if (sample !== null && sample.stop !== null) return exitCodeOf(sample.stop.code)
      return found.unreadable.length > 0 ? exitCodeOf('shard_damaged') : 0
    } finally {
      workspace.close()
    }
  },
}

/** @returns null where nobody is to be asked */
function sampleSizeOf(options: CommandOptions, caps: Caps): number | null {
  const size = wholeNumber(options, 'sample', 1, 10_000)
  if (isSet(options, 'ask')) return size ?? SAMPLE_CLUSTERS
  const isForSample = size !== null || Object.values(caps).some((cap) => cap !== null)
  if (isForSample) throw new RffError('usage', 'a sample is only paid for with --ask')
  return null
}

function describeEstimate(found: Estimate, sample: RunSummary | null): string {
  const { prompts, todo, byRules, unreadable } = found
  const lines = [
    ...(sample === null ? [] : [describeSample(sample)]),
    `${plural(todo, 'cluster')} to do: ${count(prompts.calls)} for a model, ${count(byRules)} for the built-in rules`,
    ...describeCost(prompts, found),
  ]
  for (const { shardNo, code, message } of unreadable)
    lines.push(`shard ${shardNo} is missing in this: ${code}: ${message}`)
  if (sample === null && found.lanes.some(({ basis, calls }) => basis === 'limit' && calls > 0))
    lines.push('next: rff-shard estimate --ask --max-usd DOLLARS')
  return lines.join('\n')
}

function describeSample({ counts, stop }: RunSummary): string {
  const done = `sample: ${count(counts.ok)} ok, ${count(counts.quarantined)} in quarantine, ${dollars(counts.microUsd)}; it is done and kept`
  return stop === null ? done : `${done}\nit stopped early: ${describeStop(stop)}`
}
