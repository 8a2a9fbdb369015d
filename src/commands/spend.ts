import { RffError } from '../../schemas/failure.ts'
import type { Interval } from '../control/reconcile/list-index.ts'
import { reconcile } from '../control/reconcile/reconcile.ts'
import { economics } from '../control/status/economics.ts'
import { spend } from '../control/status/spend.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { priceList } from '../llm/price-list.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { describeEconomics, describeSpend, pricesTable } from './describe-money.ts'
import { describeReconciled } from './describe-reconciled.ts'
import { exitCodeOf } from './exit-code.ts'
import { printJson } from './print-json.ts'
import { oneOf, text } from './read-options.ts'
import { verbOf } from './verb.ts'

const SPEND_VERBS = ['show', 'reconcile', 'prices'] as const

export const spendCommand: CommandSpec = {
  name: 'spend',
  verbs: SPEND_VERBS,
  summary: 'what was paid, for what; settle it against a list of the provider; the prices that count',
  examples: [
    'spend show',
    'spend show --by code',
    'spend reconcile requests.jsonl',
    'spend reconcile usage.csv --covers 2026-11-20/2026-11-22',
    'spend prices',
  ],
  configure: (command) =>
    command
      .argument('<verb>', 'show, reconcile or prices')
      .argument('[file]', "for reconcile: the provider's list of requests, JSONL or CSV")
      .option('--by <what>', 'for show: `code` tells what each error code cost, and what was done about it')
      .option('--run <tag>', 'for show --by code: only this run')
      .option(
        '--covers <from/to>',
        'for reconcile: the time of which the list has every request, as FROM/TO',
      ),
  async run([given, ...args], options, context) {
    return VERBS[verbOf('spend', SPEND_VERBS, given)](args, options, context)
  },
}

type Verb = (args: readonly string[], options: CommandOptions, context: CommandContext) => Promise<number>

const VERBS: Readonly<Record<(typeof SPEND_VERBS)[number], Verb>> = {
  show: (_args, options, context) =>
    inWorkspace(context, async (workspace) => {
      if (oneOf(options, 'by', ['code']) === 'code')
        return showByCode(workspace, text(options, 'run'), context)
      const found = spend(workspace)
      if (context.wantsJson) printJson(context, 'spend show', found)
      else context.print(describeSpend(found))
      return found.unreadable.length > 0 ? exitCodeOf('shard_damaged') : 0
    }),

  reconcile([path], options, context) {
    if (path === undefined)
      throw new RffError('usage', 'spend reconcile needs the file of a list of requests')
    const covers = intervalOf(text(options, 'covers'))
    const config = context.loadConfig({})
    return inWorkspace(context, async (workspace) => {
      const found = await reconcile(workspace, config, { path, covers }, context.nowMs())
      if (context.wantsJson) printJson(context, 'spend reconcile', found)
      else context.print(describeReconciled(found))
      const { held, unreadable, vectors } = found
      if (held.length > 0 || (vectors?.heldBy ?? null) !== null) return exitCodeOf('lock_held')
      if (unreadable.length > 0) return exitCodeOf('shard_damaged')
      return vectors?.failure == null ? 0 : exitCodeOf(vectors.failure.code)
    })
  },

  async prices(_args, _options, context) {
    const prices = priceList(context.loadConfig({}).prices)
    if (context.wantsJson) printJson(context, 'spend prices', prices)
    else context.print(pricesTable(prices))
    return 0
  },
}

function showByCode(workspace: Workspace, runTag: string | null, context: CommandContext): number {
  const found = economics(workspace, runTag)
  if (context.wantsJson) printJson(context, 'spend show --by code', found)
  else context.print(describeEconomics(found))
  return found.unreadable.length > 0 ? exitCodeOf('shard_damaged') : 0
}

async function inWorkspace(
  context: CommandContext,
  act: (workspace: Workspace) => Promise<number>,
): Promise<number> {
  const workspace = openWorkspace(context.workspaceDir, 'use')
  try {
    return await act(workspace)
  } finally {
    workspace.close()
  }
}

/** @throws RffError usage */
function intervalOf(given: string | null): Interval | null {
  if (given === null) return null
  const [from = '', to = '', ...more] = given.split('/')
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)]
  if (more.length > 0 || !(fromMs <= toMs))
    throw new RffError('usage', `--covers is ${given}, expected FROM/TO such as 2026-11-20/2026-11-22T06:00Z`)
  return { fromMs, toMs }
}
