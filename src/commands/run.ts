import { FAILURES } from '../../schemas/failure.ts'
import { readPrompt } from '../config/read-prompt.ts'
import { type Patience, runPatiently } from '../control/run/run-patiently.ts'
import type { RunSummary } from '../control/run/run-summary.ts'
import { bareReferences } from '../control/run/tell-bare-references.ts'
import { openWorkspace } from '../control/workspace.ts'
import { count, plural } from '../language/counted.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { describeProfile } from './describe-profile.ts'
import { describeStop } from './describe-stop.ts'
import { detach } from './detach.ts'
import { exitCodeOfRun } from './exit-code.ts'
import { dollars, millis, perCent } from './format.ts'
import { printJson } from './print-json.ts'
import { capsOf } from './read-caps.ts'
import { decimalNumber, isSet, numberList, text, wholeNumber } from './read-options.ts'
import { runView } from './run-progress.ts'

export const runCommand: CommandSpec = {
  name: 'run',
  summary: 'put every cluster that is still to do through the model',
  examples: [
    'run',
    'run --shard 0,4-7 --threads 2',
    'run --model openai/gpt-5-mini --limit 100',
    'run --domain Optics --fresh',
    'run --batch --wait --max-usd 20',
    'run --model ollama/llama3.2 --detach',
  ],
  configure: (command) =>
    command
      .option('--shard <list>', 'only these shards, such as 3 or 0,4-7')
      .option('--threads <n>', 'worker threads; one per core if not given')
      .option('--in-flight <n>', 'most requests in flight per thread')
      .option('--model <reference>', 'who answers: rules, openai/MODEL, ollama/MODEL, ...')
      .option('--repair-model <reference>', 'who gets the repair call')
      .option('--expensive-model <reference>', 'who gets the last sweep')
      .option('--prompt <file>', 'a prompt of your own')
      .option('--domain <domain>', 'only clusters of this domain')
      .option('--limit <n>', 'at most so many clusters, in hash order')
      .option('--max-usd <dollars>', 'the most that the run may cost')
      .option('--max-tokens <n>', 'the most tokens that the run may use')
      .option('--max-calls <n>', 'the most requests that the run may send')
      .option('--fresh', 'ask anew even where an answer is stored')
      .option('--batch', 'send the questions as batches, at half price; answers come within a day')
      .option('--wait', 'wait for batches, windows and servers that are gone, and go on')
      .option('--max-wait <hours>', 'with --wait: the longest time to wait in all')
      .option('--profile', 'say where the time went, and leave it in profile.json of the run')
      .option('--new', 'close the open run and begin another')
      .option('--detach', 'go on after this terminal is closed; says which process and where its log is'),
  async run(_args, options, context) {
    if (isSet(options, 'detach')) return detach(context)
    const config = context.loadConfig({
      models: {
        primary: options.model,
        repair: options.repairModel,
        expensive: options.expensiveModel,
      },
      run: {
        threads: wholeNumber(options, 'threads', 1, 256) ?? undefined,
        inFlight: wholeNumber(options, 'inFlight', 1, 4_096) ?? undefined,
      },
      structure: { promptFile: options.prompt },
    })
    const workspace = openWorkspace(context.workspaceDir, 'use')
    for (const { told, isDoubtful } of bareReferences(config)) if (isDoubtful) context.say(`note: ${told}`)
    try {
      const startedMs = performance.now()
      const limit = wholeNumber(options, 'limit', 1, 100_000_000)
      const view = runView(context, limit)
      const summary = await runPatiently(
        workspace,
        config,
        {
          shardNos: numberList(options, 'shard'),
          limit,
          domain: text(options, 'domain'),
          isFresh: isSet(options, 'fresh'),
          isBatch: isSet(options, 'batch'),
          isNew: isSet(options, 'new'),
          isProfiled: isSet(options, 'profile'),
          caps: capsOf(options),
          promptText: readPrompt(config.structure.promptFile),
          env: context.env,
          signal: context.signal,
          onLaunch: view.onLaunch,
          onProgress: view.onProgress,
          onSteered: view.onSteered,
        },
        patienceOf(options, context),
      ).finally(view.end)
      context.emit({ event: 'done', command: 'run', exit_code: exitCodeOfRun(summary.stop) })
      if (context.wantsJson) printJson(context, 'run', summary)
      else context.say(describeRun(summary, performance.now() - startedMs))
      return exitCodeOfRun(summary.stop)
    } finally {
      workspace.close()
    }
  },
}

function patienceOf(options: CommandOptions, context: CommandContext): Patience {
  const hours = decimalNumber(options, 'maxWait', 0, 10_000)
  const isPatient = isSet(options, 'wait') || hours !== null
  return {
    nowMs: context.nowMs,
    longestWaitMs: isPatient ? (hours ?? Number.POSITIVE_INFINITY) * 3_600_000 : 0,
    onWait: ({ stop, untilMs }) =>
      context.say(`waiting until ${new Date(untilMs).toISOString()}: ${describeStop(stop)}`),
  }
}

/** Whoever wants another model's answers to the same facts would else run again and again, and wonder. */
const NOTHING_TO_DO =
  'nothing was to do: what is decided stays decided. More facts: rff-shard plan. Another model: plan them into a workspace of its own (-w)'

export function describeRun(summary: RunSummary, tookMs: number): string {
  const { runTag, counts, todo, waiting, held, stop, comeBackAtMs, isClosed, profile } = summary
  const done = counts.ok + counts.quarantined
  const isWhole = isClosed && stop === null && held.length === 0
  if (isWhole && done === 0 && profile === null) return NOTHING_TO_DO
  const lines = [
    `run ${runTag}: ${plural(done, 'cluster')} in ${millis(tookMs)}`,
    `  ok           ${count(counts.ok)} (${perCent(counts.ok, done)}), ${count(counts.salvaged)} of them salvaged`,
    `  quarantined  ${count(counts.quarantined)}`,
    `  asked        ${plural(counts.asked, 'request')}, ${plural(counts.reused, 'answer')} found in store, ${dollars(counts.microUsd)}`,
    `  left         ${count(todo)} to do, ${count(waiting)} waiting for the last sweep${isClosed ? '; the run is closed' : ''}`,
  ]
  for (const { shardNo, heldBy } of held) lines.push(`  shard ${shardNo} is worked on by ${heldBy}`)
  if (stop !== null) lines.push(`stopped: ${describeStop(stop)}`, `next: ${FAILURES[stop.code].hint}`)
  else if (isClosed) lines.push('next: rff-shard merge')
  if (comeBackAtMs !== null) lines.push(`it is worth it from ${new Date(comeBackAtMs).toISOString()}`)
  if (profile !== null) lines.push('', describeProfile(profile))
  return lines.join('\n')
}
