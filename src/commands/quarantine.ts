import { RffError } from '../../schemas/failure.ts'
import { QUARANTINE_STATES } from '../../schemas/states.ts'
import { correctCase } from '../control/quarantine/correct-case.ts'
import { draftCorrection } from '../control/quarantine/draft-correction.ts'
import { exportCases } from '../control/quarantine/export-cases.ts'
import { type CaseFilter, listCases } from '../control/quarantine/list-cases.ts'
import { markCases } from '../control/quarantine/mark-cases.ts'
import { retryCases } from '../control/quarantine/retry-cases.ts'
import { showCases } from '../control/quarantine/show-cases.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { plural } from '../language/counted.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { describeCase } from './describe-case.ts'
import {
  describeChanged,
  describeCorrected,
  describeList,
  describeUnreadable,
  NO_CASE,
} from './describe-quarantine.ts'
import { exitCodeOf } from './exit-code.ts'
import { printJson } from './print-json.ts'
import { isSet, oneOf, text, wholeNumber } from './read-options.ts'
import { readText } from './read-text.ts'
import { verbOf } from './verb.ts'

const CASE_VERBS = ['ls', 'show', 'retry', 'accept', 'review', 'correct', 'export'] as const
type CaseVerb = (typeof CASE_VERBS)[number]

export const quarantineCommand: CommandSpec = {
  name: 'quarantine',
  verbs: CASE_VERBS,
  summary:
    'the clusters that stayed invalid: read them, try them again, take the gap or correct them by hand',
  examples: [
    'quarantine ls --code relation_cycle',
    'quarantine show --limit 3',
    'quarantine retry --domain Optics',
    'quarantine accept --code answer_filtered --note "a filter of the provider"',
    'quarantine correct clu_0f3a --draft',
    'quarantine correct clu_0f3a --file mended.json --note "read the source"',
    'quarantine export --model openai/gpt-5-mini',
  ],
  configure: (command) =>
    command
      .argument('<verb>', 'ls, show, retry, accept, review, correct or export')
      .argument('[clusters...]', 'ids of clusters; all that match if none is given')
      .option('--code <code>', 'only cases with this code')
      .option('--domain <domain>', 'only cases of this domain')
      .option('--signature <signature>', 'only cases of this group, as ls shows it')
      .option('--model <model>', 'only cases where this model was asked last')
      .option('--state <state>', `only cases in this state: ${QUARANTINE_STATES.join(', ')}`)
      .option('--limit <n>', 'at most so many, in hash order')
      .option('--note <text>', 'with accept, review and correct: what is to be remembered about it')
      .option('--file <file>', 'with correct: the structure as JSON; - for stdin')
      .option('--draft', 'with correct: print a structure to begin with, and change nothing'),
  async run([given, ...clusterIds], options, context) {
    const verb = verbOf('quarantine', CASE_VERBS, given)
    const filter = filterOf(options, clusterIds)
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      return await VERBS[verb]({ workspace, filter, options, context })
    } finally {
      workspace.close()
    }
  },
}

interface Call {
  readonly workspace: Workspace
  readonly filter: CaseFilter
  readonly options: CommandOptions
  readonly context: CommandContext
}

const VERBS: Readonly<Record<CaseVerb, (call: Call) => number | Promise<number>>> = {
  ls({ workspace, filter, context }) {
    const found = listCases(workspace, filter)
    if (context.wantsJson) printJson(context, 'quarantine ls', found)
    else context.print(describeList(found))
    return codeOf(found)
  },
  show({ workspace, filter, context }) {
    const cases = showCases(workspace, filter)
    if (cases.length === 0 && filter.clusterIds.length > 0)
      throw new RffError('not_found', `no case in quarantine for ${filter.clusterIds.join(', ')}`)
    if (context.wantsJson) printJson(context, 'quarantine show', { cases })
    else context.print(cases.length === 0 ? NO_CASE : cases.map(describeCase).join('\n\n'))
    return 0
  },
  retry: (call) =>
    changed(
      call,
      'retry',
      retryCases(call.workspace, undecided(call), call.context.nowMs()),
      'are back in the frontier',
      'rff-shard run judges their stored answers again; rff-shard run --fresh asks anew',
    ),
  accept: (call) => marked(call, 'accept', 'are accepted as missing: nobody is asked about them again'),
  review: (call) => marked(call, 'review', 'wait for somebody to look at them'),
  correct: (call) => (isSet(call.options, 'draft') ? draft(call) : correct(call)),
  export({ workspace, filter, context }) {
    const exported = exportCases(workspace, filter, context.print)
    context.say([plural(exported.cases, 'case'), ...describeUnreadable(exported)].join('\n'))
    return codeOf(exported)
  },
}

const MARKS = { accept: 'accepted_missing', review: 'needs_review' } as const

/** Without a name or a filter everything would be decided by one slip of the finger. */
function marked(call: Call, verb: keyof typeof MARKS, what: string): number {
  const { workspace, filter, options, context } = call
  const { clusterIds, limit: _, ...where } = filter
  if (clusterIds.length === 0 && Object.values(where).every((value) => value === null))
    throw new RffError(
      'usage',
      'no case is named; name clusters, or a --code, --domain, --signature, --model or --state',
    )
  const marking = { state: MARKS[verb], note: text(options, 'note') ?? '' }
  const found = markCases(workspace, undecided(call), marking, context.nowMs())
  return changed(call, verb, found, what, 'rff-shard quarantine ls shows what is left')
}

function changed(
  { context }: Call,
  verb: 'retry' | 'accept' | 'review',
  found: ReturnType<typeof markCases>,
  what: string,
  next: string,
): number {
  if (context.wantsJson) printJson(context, `quarantine ${verb}`, found)
  else context.say(describeChanged(found, what, next))
  return found.held.length > 0 ? exitCodeOf('lock_held') : codeOf(found)
}

function draft({ workspace, filter, context }: Call): number {
  const [shown] = showCases(workspace, { ...filter, clusterIds: [onlyCluster(filter)] })
  if (shown === undefined)
    throw new RffError('not_found', `no case in quarantine for ${filter.clusterIds[0]}`)
  const structure = draftCorrection(shown)
  // For a person to write in, so in many lines unless a program asks.
  if (context.wantsJson) printJson(context, 'quarantine correct --draft', structure)
  else context.print(JSON.stringify(structure, null, 2))
  return 0
}

async function correct({ workspace, filter, options, context }: Call): Promise<number> {
  const clusterId = onlyCluster(filter)
  const file = text(options, 'file')
  if (file === null)
    throw new RffError(
      'usage',
      'correct needs --file with the structure, or --file - for stdin; --draft prints one',
    )
  const found = correctCase(
    workspace,
    context.loadConfig({}),
    { clusterId, text: await readText(file), note: text(options, 'note') ?? '' },
    context.nowMs(),
  )
  if (!found.ok)
    throw new RffError(
      'correction_invalid',
      [`the structure for ${clusterId} is not valid`, ...found.findings.map(findingLine)].join('\n'),
    )
  if (context.wantsJson) printJson(context, 'quarantine correct', found)
  else context.say(describeCorrected(found))
  return 0
}

const findingLine = ({ code, at, message }: { code: string; at: string; message: string }): string =>
  `  ${code}${at === '' ? '' : ` at ${at}`}: ${message}`

/** @throws RffError usage unless it is exactly one */
function onlyCluster({ clusterIds }: CaseFilter): string {
  if (clusterIds.length !== 1)
    throw new RffError('usage', `correct takes one cluster, was given ${clusterIds.length}`)
  return clusterIds[0]!
}

/** What a person has decided on (accepted, corrected) is not touched again unless it is named. */
const undecided = ({ filter }: Call): CaseFilter => ({
  ...filter,
  state: filter.state ?? (filter.clusterIds.length > 0 ? null : 'quarantined'),
})

const codeOf = ({ unreadable }: { readonly unreadable: readonly unknown[] }): number =>
  unreadable.length > 0 ? exitCodeOf('shard_damaged') : 0

function filterOf(options: CommandOptions, clusterIds: readonly string[]): CaseFilter {
  return {
    clusterIds,
    code: text(options, 'code'),
    domain: text(options, 'domain'),
    signature: text(options, 'signature'),
    model: text(options, 'model'),
    state: oneOf(options, 'state', QUARANTINE_STATES),
    limit: wholeNumber(options, 'limit', 1, 100_000_000),
  }
}
