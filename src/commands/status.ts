import { shardCensus } from '../../db/queries/kept-balance.ts'
import type { ShardCensus } from '../../db/queries/shard-census.ts'
import { type WindowState, windowState } from '../control/run/window-use.ts'
import { rememberShards } from '../control/status/remember-shards.ts'
import { type ShardStatus, type Status, status } from '../control/status/status.ts'
import { openWorkspace } from '../control/workspace.ts'
import { count, isOrAre, plural } from '../language/counted.ts'
import { printable } from '../language/printable.ts'
import type { CommandSpec } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import { dollars } from './format.ts'
import { printJson } from './print-json.ts'
import { isSet, wholeNumber } from './read-options.ts'
import { table } from './table.ts'
import { watchStatus } from './watch-status.ts'

export const statusCommand: CommandSpec = {
  name: 'status',
  summary: 'what is done, to do and set aside, shard by shard; also while a run goes on',
  endsAtOnce: true,
  examples: ['status', 'status --json', 'status --watch', 'status --watch --looks 1'],
  configure: (command) =>
    command
      .option('--watch', 'again and again, until Ctrl-C; in a pipe a line every few seconds')
      .option('--looks <n>', 'with --watch: so many times'),
  async run(_args, options, context) {
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const windowSettings = context.loadConfig({}).window
      const visit = rememberShards(shardCensus, context.nowMs)
      const find = () => ({
        ...status(workspace, visit),
        window: windowState(workspace, windowSettings, context.nowMs()),
      })
      if (isSet(options, 'watch')) {
        await watchStatus(
          context,
          {
            find,
            describe: (found) => describeStatus(found),
            print: (found) => printJson(context, 'status --watch', found),
          },
          wholeNumber(options, 'looks', 1, 1_000_000),
        )
        return 0
      }
      const found = find()
      if (context.wantsJson) printJson(context, 'status', found)
      else context.print(describeStatus(found))
      return found.unreadableShards > 0 ? exitCodeOf('shard_damaged') : 0
    } finally {
      workspace.close()
    }
  },
}

export function describeStatus(found: Status & { readonly window?: WindowState | null }): string {
  const { plan, run, field, shards, totals, window = null } = found
  const lines = [
    `workspace  ${found.workspace}`,
    `plan       ${plan === null ? 'none yet' : `${plan.planNo}, ${plan.state}`}`,
    `run        ${run === null ? 'none yet' : `${run.runTag}, ${run.state}`}`,
    `field      ${field === null ? 'none yet' : describeField(field)}`,
    ...(window === null ? [] : [`window     ${describeWindow(window)}`]),
    ...found.otherLeases.map(({ scope, holder }) => `${scope.padEnd(9)}  held by ${holder}`),
  ]
  if (shards.length > 0) lines.push('', shardTable(found))
  if (totals.difference !== 0)
    lines.push(
      '',
      `${plural(totals.difference, 'seed')} ${isOrAre(totals.difference)} neither to do nor done: see rff-shard audit`,
    )
  return lines.join('\n')
}

const describeWindow = ({ startsAtMs, endsAtMs, allowedTokens, usedTokens }: WindowState): string =>
  `${count(usedTokens)} of ${plural(allowedTokens, 'token')} used since ${minuteOf(startsAtMs)}; the next opens at ${minuteOf(endsAtMs)}`

const minuteOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16)}Z`

function describeField({ fieldTag, fieldDigest, isComplete, trouble }: NonNullable<Status['field']>): string {
  if (trouble !== null) return printable(`${trouble.code}: ${trouble.message}`)
  return `${fieldTag}, ${isComplete ? 'complete' : 'not complete'}, digest ${fieldDigest?.slice(0, 16)}`
}

const COLUMNS = [
  { heading: 'shard' },
  ...['seeds', 'to do', 'sweep', 'ok', 'quarantined', 'in flight', 'spent'].map((heading) => ({
    heading,
    isNumber: true,
  })),
  { heading: 'held by' },
]

const shardTable = ({ shards, totals }: Status): string =>
  table(COLUMNS, [...shards.map(rowOf), ['all', ...numbersOf(totals), '']])

function rowOf({ shardNo, census, holder, isHolderAlive, trouble }: ShardStatus): string[] {
  if (census === null)
    return [String(shardNo), ...new Array<string>(7).fill('–'), `${trouble?.code}: ${trouble?.message}`]
  const heldBy = holder === null ? '' : isHolderAlive ? holder : `${holder}, which is gone`
  return [String(shardNo), ...numbersOf(census), heldBy]
}

const numbersOf = (census: ShardCensus): string[] => [
  ...[census.seeds, census.todo, census.sweep, census.ok, census.quarantined, census.openAttempts].map(count),
  dollars(census.microUsd),
]
