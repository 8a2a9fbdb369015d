import type { IterationRow } from '../../db/queries/iterations.ts'
import type { OutputName, OutputOf } from '../../schemas/output/outputs.ts'
import { readPrompt } from '../config/read-prompt.ts'
import { type LoopSummary, runLoop } from '../control/loop/loop.ts'
import { type LoopStatus, loopStatus, resumeLoop, stopLoop } from '../control/loop/steer-loop.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { count, plural } from '../language/counted.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { printJson } from './print-json.ts'
import { capsOf } from './read-caps.ts'
import { type Column, table } from './table.ts'
import { verbOf } from './verb.ts'

const VERBS = ['start', 'once', 'stop', 'resume', 'status'] as const
const ITERATIONS_SHOWN = 10

export const loopCommand: CommandSpec = {
  name: 'loop',
  verbs: VERBS,
  summary: 'run, merge and archive again and again, a number of seeds at a time, until nothing is left',
  examples: ['loop start', 'loop once', 'loop start --max-usd 20', 'loop stop', 'loop resume', 'loop status'],
  configure: (command) =>
    command
      .argument(
        '<verb>',
        'start: until nothing is left; once: one iteration, for cron; stop: after this iteration; resume: the cause is mended; status',
      )
      .option('--max-usd <dollars>', 'the most that the run may cost')
      .option('--max-tokens <n>', 'the most tokens that the run may use')
      .option('--max-calls <n>', 'the most requests that the run may send'),
  async run([given], options, context) {
    const verb = verbOf('loop', VERBS, given)
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      switch (verb) {
        case 'start':
        case 'once':
          return await drive(workspace, verb, options, context)
        case 'stop':
          return report(context, 'loop stop', { stopping: stopLoop(workspace) }, ({ stopping }) =>
            stopping === null ? 'no loop is running' : `${stopping} finishes its iteration and ends`,
          )
        case 'resume':
          return report(
            context,
            'loop resume',
            { wasPausedFor: resumeLoop(workspace) },
            ({ wasPausedFor }) =>
              wasPausedFor === null
                ? 'the loop was not paused'
                : `it was paused for ${wasPausedFor}; next: rff-shard loop start`,
          )
        case 'status':
          return report(context, 'loop status', loopStatus(workspace, ITERATIONS_SHOWN), describeStatus)
      }
    } finally {
      workspace.close()
    }
  },
}

async function drive(
  workspace: Workspace,
  verb: 'start' | 'once',
  options: CommandOptions,
  context: CommandContext,
): Promise<number> {
  const config = context.loadConfig({})
  const { env, signal, nowMs, say } = context
  const summary = await runLoop(workspace, config, {
    isOnce: verb === 'once',
    caps: capsOf(options),
    promptText: readPrompt(config.structure.promptFile),
    env,
    signal,
    nowMs,
    say,
  })
  return report(context, `loop ${verb}`, summary, describeEnd)
}

const ENDS: Record<LoopSummary['end'], string> = {
  nothing_left: 'nothing is left to do',
  stopped: 'stopped, as asked',
  once: 'one iteration done',
}

const describeEnd = ({ iterations, end }: LoopSummary): string =>
  `${plural(iterations.length, 'iteration')}; ${ENDS[end]}`

function report<Name extends OutputName>(
  context: CommandContext,
  name: Name,
  data: OutputOf<Name>,
  describe: (data: OutputOf<Name>) => string,
): number {
  if (context.wantsJson) printJson(context, name, data)
  else context.say(describe(data))
  return 0
}

const COLUMNS: readonly Column[] = [
  { heading: 'iteration', isNumber: true },
  { heading: 'state' },
  { heading: 'step' },
  { heading: 'seeds', isNumber: true },
  { heading: 'tries', isNumber: true },
  { heading: 'run' },
  { heading: 'field' },
  { heading: 'failure' },
]

function describeStatus({ state, reason, holder, strikes, lastCode, todo, iterations }: LoopStatus): string {
  const lines = [
    `loop is ${state}${reason === null ? '' : `: ${reason}`}`,
    holder === null ? 'no process drives it' : `driven by ${holder}`,
    `${plural(todo, 'cluster')} to do`,
  ]
  if (lastCode !== null) lines.push(`${lastCode} came ${count(strikes)} times in a row`)
  if (iterations.length > 0) lines.push(table(COLUMNS, iterations.map(rowOf)))
  return lines.join('\n')
}

const rowOf = ({
  iterationNo,
  state,
  step,
  seeds,
  tries,
  runTag,
  fieldTag,
  failure,
}: IterationRow): string[] => [
  count(iterationNo),
  state,
  step,
  count(seeds),
  count(tries),
  runTag ?? '–',
  fieldTag ?? '–',
  failure?.code ?? '',
]
