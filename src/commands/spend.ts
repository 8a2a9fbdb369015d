import { RffError } from '../../schemas/failure.ts'
import { type Spend, spend } from '../control/status/spend.ts'
import { openWorkspace } from '../control/workspace.ts'
import type { CommandSpec } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import { count, dollars } from './format.ts'
import { table } from './table.ts'

export const spendCommand: CommandSpec = {
  name: 'spend',
  summary: 'what was paid, by run, lane, model and state',
  examples: ['spend show', 'spend show --json'],
  configure: (command) => command.argument('<verb>', 'show'),
  async run([verb], _options, context) {
    if (verb !== 'show') throw new RffError('usage', `spend knows show, not ${verb}`)
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const found = spend(workspace)
      context.print(context.wantsJson ? JSON.stringify(found) : describeSpend(found))
      return found.unreadable.length > 0 ? exitCodeOf('shard_damaged') : 0
    } finally {
      workspace.close()
    }
  },
}

export function describeSpend({ rows, totals, unreadable }: Spend): string {
  const lines = [
    table(COLUMNS, [
      ...rows.map((row) => [
        row.runTag ?? `run ${row.runId}`,
        row.lane,
        `${row.provider}/${row.model}`,
        row.state,
        ...numbersOf(row),
      ]),
      ['all', '', '', '', ...numbersOf(totals)],
    ]),
  ]
  if (totals.unsettledMicroUsd > 0)
    lines.push(
      `${dollars(totals.unsettledMicroUsd)} of it is booked at worst case: nobody knows yet whether it was billed`,
    )
  for (const { shardNo, code, message } of unreadable)
    lines.push(`shard ${shardNo} is missing in these sums: ${code}: ${message}`)
  return lines.join('\n')
}

const numbersOf = (row: Spend['totals'] | Spend['rows'][number]): string[] => [
  ...[row.attempts, row.reused, row.promptTokens, row.cachedTokens, row.answerTokens].map(count),
  dollars(row.microUsd),
]

const COLUMNS = [
  ...['run', 'lane', 'model', 'state'].map((heading) => ({ heading })),
  ...['attempts', 'reused', 'prompt tok.', 'cached', 'answer tok.', 'spent'].map((heading) => ({
    heading,
    isNumber: true,
  })),
]
