import type { Config } from '../../schemas/config.ts'
import { RffError } from '../../schemas/failure.ts'
import { askProviders } from '../control/doctor/ask-providers.ts'
import type { Check } from '../control/doctor/check.ts'
import { askEmbeddings, checkEmbeddings } from '../control/doctor/check-embeddings.ts'
import { checkProviders } from '../control/doctor/check-providers.ts'
import { checkRuntime } from '../control/doctor/check-runtime.ts'
import { checkWorkspace } from '../control/doctor/check-workspace.ts'
import type { CommandContext, CommandSpec } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import { printJson } from './print-json.ts'
import { isSet } from './read-options.ts'
import { table } from './table.ts'

export const doctorCommand: CommandSpec = {
  name: 'doctor',
  summary: 'whether everything is there that a run needs; with --ask, what each model can do',
  examples: ['doctor', 'doctor --ask', '-w my-field doctor --json'],
  configure: (command) => command.option('--ask', 'ask each model of the settings one small, paid question'),
  async run(_args, options, context) {
    const { config, checks: ofSettings } = readSettings(context)
    const checks = [
      ...checkRuntime(context.workspaceDir),
      ...checkWorkspace(context.workspaceDir),
      ...ofSettings,
      ...(config === null ? [] : await checkModels(config, context.env, isSet(options, 'ask'))),
    ]
    if (context.wantsJson) printJson(context, 'doctor', { checks })
    else context.print(describeChecks(checks))
    return checks.some(({ state }) => state === 'fail') ? exitCodeOf('usage') : 0
  },
}

const checkModels = async (config: Config, env: CommandContext['env'], mayAsk: boolean): Promise<Check[]> => [
  ...checkProviders(config, env),
  ...(await checkEmbeddings(config, env)),
  ...(mayAsk ? [...(await askProviders(config, env)), ...(await askEmbeddings(config, env))] : []),
]

/** Settings that are wrong are a finding here, not the end. */
function readSettings(context: CommandContext): { config: Config | null; checks: Check[] } {
  try {
    const config = context.loadConfig({})
    return { config, checks: [{ about: 'settings', name: 'settings', state: 'ok', found: 'valid' }] }
  } catch (cause) {
    if (!(cause instanceof RffError)) throw cause
    const found = `${cause.code}: ${cause.message}`
    return { config: null, checks: [{ about: 'settings', name: 'settings', state: 'fail', found }] }
  }
}

const describeChecks = (checks: readonly Check[]): string =>
  table(
    ['', 'about', 'what', 'found'].map((heading) => ({ heading })),
    checks.map(({ state, about, name, found }) => [state, about, name, found]),
  )
