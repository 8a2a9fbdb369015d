import { RffError } from '../../schemas/failure.ts'
import { QUARANTINE_STATES, type QuarantineState } from '../../schemas/states.ts'
import { type CaseFilter, type CaseList, listCases } from '../control/quarantine/list-cases.ts'
import { type RetriedCases, retryCases } from '../control/quarantine/retry-cases.ts'
import { showCases } from '../control/quarantine/show-cases.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { describeCase } from './describe-case.ts'
import { exitCodeOf } from './exit-code.ts'
import { count } from './format.ts'
import { text, wholeNumber } from './read-options.ts'
import { table } from './table.ts'

export const quarantineCommand: CommandSpec = {
  name: 'quarantine',
  summary: 'the clusters that stayed invalid: list them, read them, try them again',
  examples: [
    'quarantine ls --code relation_cycle',
    'quarantine show --limit 3',
    'quarantine retry --domain Optics',
  ],
  configure: (command) =>
    command
      .argument('<verb>', 'ls, show or retry')
      .argument('[clusters...]', 'ids of clusters; all that match if none is given')
      .option('--code <code>', 'only cases with this code')
      .option('--domain <domain>', 'only cases of this domain')
      .option('--signature <signature>', 'only cases of this group, as ls shows it')
      .option('--state <state>', `only cases in this state: ${QUARANTINE_STATES.join(', ')}`)
      .option('--limit <n>', 'at most so many, in hash order'),
  async run([verb, ...clusterIds], options, context) {
    const act = VERBS[verb ?? '']
    if (act === undefined)
      throw new RffError('usage', `quarantine knows ${Object.keys(VERBS).join(', ')}, not ${verb}`)
    const filter = filterOf(options, clusterIds)
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      return act(workspace, filter, context)
    } finally {
      workspace.close()
    }
  },
}

type Verb = (workspace: Workspace, filter: CaseFilter, context: CommandContext) => number

const VERBS: Readonly<Record<string, Verb>> = {
  ls(workspace, filter, context) {
    const found = listCases(workspace, filter)
    context.print(context.wantsJson ? JSON.stringify(found) : describeList(found))
    return codeOf(found)
  },
  show(workspace, filter, context) {
    const cases = showCases(workspace, filter)
    if (context.wantsJson) context.print(JSON.stringify({ cases }))
    else context.print(cases.length === 0 ? NO_CASE : cases.map(describeCase).join('\n\n'))
    return 0
  },
  retry(workspace, filter, context) {
    // What a person has decided on (accepted, corrected) is not asked again unless it is named.
    const isNamed = filter.state !== null || filter.clusterIds.length > 0
    const retried = retryCases(
      workspace,
      { ...filter, state: isNamed ? filter.state : 'quarantined' },
      context.nowMs(),
    )
    if (context.wantsJson) context.print(JSON.stringify(retried))
    else context.say(describeRetried(retried))
    if (retried.held.length > 0) return exitCodeOf('lock_held')
    return codeOf(retried)
  },
}

const NO_CASE = 'no case matches'

const codeOf = ({ unreadable }: Pick<CaseList, 'unreadable'>): number =>
  unreadable.length > 0 ? exitCodeOf('shard_damaged') : 0

function filterOf(options: CommandOptions, clusterIds: readonly string[]): CaseFilter {
  return {
    clusterIds,
    code: text(options, 'code'),
    domain: text(options, 'domain'),
    signature: text(options, 'signature'),
    state: stateOf(text(options, 'state')),
    limit: wholeNumber(options, 'limit', 1, 100_000_000),
  }
}

function stateOf(given: string | null): QuarantineState | null {
  if (given === null) return null
  const state = QUARANTINE_STATES.find((known) => known === given)
  if (state === undefined)
    throw new RffError('usage', `--state is ${given}, expected one of ${QUARANTINE_STATES.join(', ')}`)
  return state
}

function describeList({ cases, unreadable }: CaseList): string {
  const lines = [
    cases.length === 0
      ? NO_CASE
      : table(
          ['cluster', 'seed', 'state', 'signature', 'note'].map((heading) => ({ heading })),
          cases.map((row) => [row.clusterId, row.seedFactId, row.state, row.signature, row.note]),
        ),
  ]
  for (const { shardNo, code, message } of unreadable)
    lines.push(`shard ${shardNo} could not be read: ${code}: ${message}`)
  return lines.join('\n')
}

function describeRetried({ clusterIds, held, unreadable }: RetriedCases): string {
  const lines = [`${count(clusterIds.length)} cases are back in the frontier`]
  for (const { shardNo, heldBy, cases } of held)
    lines.push(`${count(cases)} of shard ${shardNo} were skipped: ${heldBy} holds it`)
  for (const { shardNo, code, message } of unreadable)
    lines.push(`shard ${shardNo} could not be read: ${code}: ${message}`)
  if (clusterIds.length > 0)
    lines.push('next: rff-shard run judges their stored answers again; rff-shard run --fresh asks anew')
  return lines.join('\n')
}
