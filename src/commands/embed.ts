import { FAILURES } from '../../schemas/failure.ts'
import { SEARCH_KINDS } from '../../schemas/search.ts'
import { type EmbedSummary, embed, estimateEmbed } from '../control/embed/embed.ts'
import type { EmbeddingEstimate } from '../control/embed/wanted-texts.ts'
import { openWorkspace } from '../control/workspace.ts'
import { count, plural } from '../language/counted.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { describeStop } from './describe-stop.ts'
import { exitCodeOf } from './exit-code.ts'
import { dollars } from './format.ts'
import { printJson } from './print-json.ts'
import { progressLine } from './progress.ts'
import { capsOf } from './read-caps.ts'
import { isSet, text } from './read-options.ts'

export const embedCommand: CommandSpec = {
  name: 'embed',
  summary: 'vectors of the concepts for search by meaning, from the model of [embeddings], within a cap',
  examples: [
    'embed --dry-run',
    'embed --max-usd 2',
    'embed --facts --max-usd 5',
    'embed --model ollama/nomic-embed-text',
  ],
  configure: (command) =>
    command
      .option('--dry-run', 'what it would cost; asks nobody')
      .option('--facts', 'the facts of the field too')
      .option(
        '--max-usd <dollars>',
        'most that the whole build may cost, over every start until it is complete',
      )
      .option('--max-tokens <n>', 'most tokens of the whole build')
      .option('--max-calls <n>', 'most requests of the whole build')
      .option('--retry-refused', 'ask again for texts that the model refused')
      .option('--model <reference>', 'who makes the vectors, instead of embeddings.model of the settings')
      .option('--field <tag>', 'another field than the current one'),
  async run(_args, options, context) {
    const model = text(options, 'model')
    const config = context.loadConfig(model === null ? {} : { embeddings: { model } })
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const asked = whatIsAsked(options, context)
      if (isSet(options, 'dryRun')) {
        const found = await estimateEmbed(workspace, config, asked)
        if (context.wantsJson) printJson(context, 'embed --dry-run', found)
        else context.print(`field ${found.fieldTag}, ${found.model}\n${describeEstimate(found.estimate)}`)
        return 0
      }
      const line = progressLine(context)
      const done = await embed(
        workspace,
        config,
        {
          ...asked,
          caps: capsOf(options),
          signal: context.signal,
          onEstimate: (estimate) => context.say(describeEstimate(estimate)),
          onProgress: ({ embedded, microUsd }) =>
            line.show(() => `${count(embedded)} embedded, ${dollars(microUsd)}`),
        },
        context.nowMs,
      ).finally(() => line.end())
      if (context.wantsJson) printJson(context, 'embed', done)
      else context.print(describeEmbed(done))
      return done.stop === null ? 0 : exitCodeOf(done.stop.code)
    } finally {
      workspace.close()
    }
  },
}

const whatIsAsked = (options: CommandOptions, context: CommandContext) => ({
  kinds: isSet(options, 'facts') ? SEARCH_KINDS : SEARCH_KINDS.slice(0, 1),
  fieldTag: text(options, 'field'),
  retriesRefused: isSet(options, 'retryRefused'),
  env: context.env,
  say: (what: string) => context.say(what),
})

function describeEstimate({
  documents,
  known,
  refused,
  todo,
  requests,
  tokens,
  tokensAre,
  microUsd,
}: EmbeddingEstimate): string {
  const texts = `${plural(documents, 'text')}: ${count(known)} have a vector, ${count(todo)} to ask for${refused === 0 ? '' : `, ${count(refused)} refused`}`
  const price = microUsd === null ? 'no price is known' : `${dollars(microUsd)} at most`
  const counted = tokensAre === 'exact' ? 'tokens' : 'tokens at most (a bound by bytes)'
  return `${texts}\n${plural(requests, 'request')}, ${count(tokens)} ${counted}, ${price}`
}

export function describeEmbed(done: EmbedSummary): string {
  const { fieldTag, model, estimate, embedded, refused, requests, tokens, microUsd, inIndex, build, stop } =
    done
  const asked =
    build === null
      ? ['  now       nothing was left to ask for']
      : [
          `  now       ${count(embedded)} of ${plural(estimate.todo, 'text')} embedded, ${count(refused)} refused`,
          `  cost      ${plural(requests, 'request')}, ${plural(tokens, 'token')}, ${dollars(microUsd)}`,
          `  build     ${dollars(build.bookedMicroUsd)} booked over every start, ${build.capMicroUsd === null ? 'no dollar cap' : `of ${dollars(build.capMicroUsd)}`}`,
        ]
  return [
    `field ${fieldTag}, ${model}`,
    ...asked,
    `  search    ${plural(inIndex.concepts, 'concept')} and ${plural(inIndex.facts, 'fact')} by meaning from now on`,
    ...(stop === null
      ? []
      : [`  stopped   ${describeStop(stop)}`, `  next      ${FAILURES[stop.code].hint}`]),
  ].join('\n')
}
