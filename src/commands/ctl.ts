import { RffError } from '../../schemas/failure.ts'
import { MOST_IN_FLIGHT, type SteeringRequest } from '../../schemas/steering.ts'
import { openRunBudget, type RunBudget, setCaps } from '../control/steer/set-caps.ts'
import { type SteeredProcess, steerRuns } from '../control/steer/steer-runs.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { describeSteered } from './describe-steered.ts'
import { printJson } from './print-json.ts'
import { capsOf } from './read-caps.ts'
import { numberList, wholeNumber } from './read-options.ts'
import { verbOf } from './verb.ts'

const STEERING_VERBS = ['status', 'pause', 'resume', 'set'] as const
type SteeringVerb = (typeof STEERING_VERBS)[number]

export const ctlCommand: CommandSpec = {
  name: 'ctl',
  verbs: STEERING_VERBS,
  summary: 'steer a run that is going on: pause it, let it go on, change its pace or its budget',
  endsAtOnce: true,
  examples: [
    'ctl status',
    'ctl pause',
    'ctl resume',
    'ctl set --in-flight 8',
    'ctl set --max-usd 12.50',
    'ctl pause --pid 4711',
  ],
  configure: (command) =>
    command
      .argument('<verb>', 'status, pause, resume or set')
      .option('--pid <list>', 'only these processes of the run, by number')
      .option('--in-flight <n>', 'with set: most requests in flight per thread')
      .option('--max-usd <dollars>', 'with set: the most that the open run may cost, up or down')
      .option('--max-tokens <n>', 'with set: the most tokens that it may use')
      .option('--max-calls <n>', 'with set: the most requests that it may send'),
  async run([given], options, context) {
    const verb = verbOf('ctl', STEERING_VERBS, given)
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      return await VERBS[verb]({ verb, workspace, options, context })
    } finally {
      workspace.close()
    }
  },
}

interface Call {
  readonly verb: SteeringVerb
  readonly workspace: Workspace
  readonly options: CommandOptions
  readonly context: CommandContext
}

const VERBS: Readonly<Record<SteeringVerb, (call: Call) => Promise<number>>> = {
  async status(call) {
    return tell(call, await ask(call, { verb: 'status' }), openRunBudget(call.workspace))
  },
  async pause(call) {
    return tell(call, expectSome(call, await ask(call, { verb: 'pause' })), openRunBudget(call.workspace))
  },
  async resume(call) {
    return tell(call, expectSome(call, await ask(call, { verb: 'resume' })), openRunBudget(call.workspace))
  },
  async set(call) {
    const { workspace, options, context } = call
    const inFlight = wholeNumber(options, 'inFlight', 1, MOST_IN_FLIGHT)
    const caps = capsOf(options)
    const hasCaps = Object.values(caps).some((cap) => cap !== null)
    if (inFlight === null && !hasCaps)
      throw new RffError('usage', 'ctl set needs --in-flight, --max-usd, --max-tokens or --max-calls')
    // Who asks for both gets both or neither: nothing is set before there is somebody to tell.
    const steered =
      inFlight === null
        ? await ask(call, { verb: 'status' })
        : expectSome(call, await ask(call, { verb: 'set', inFlight }))
    const budget = hasCaps ? setCaps(workspace, caps, context.nowMs()) : openRunBudget(workspace)
    return tell(call, steered, budget)
  },
}

const ask = ({ workspace, options }: Call, request: SteeringRequest): Promise<SteeredProcess[]> =>
  steerRuns(workspace, request, numberList(options, 'pid'))

/** @throws RffError run_not_going */
function expectSome({ workspace }: Call, steered: SteeredProcess[]): SteeredProcess[] {
  if (steered.length > 0) return steered
  throw new RffError('run_not_going', `no process runs on ${workspace.dir}`)
}

/** @returns 1 where a process did not do what it was told */
function tell(
  { verb, context }: Call,
  processes: readonly SteeredProcess[],
  budget: RunBudget | null,
): number {
  if (context.wantsJson) printJson(context, `ctl ${verb}`, { processes, budget })
  else context.print(describeSteered(processes, budget, context.nowMs()))
  return processes.every(({ reply }) => reply.ok) ? 0 : 1
}
