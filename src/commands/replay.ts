import { RffError } from '../../schemas/failure.ts'
import { readPrompt } from '../config/read-prompt.ts'
import { type Replay, replay } from '../control/replay/replay.ts'
import type { ReplaySample } from '../control/replay/tally-replay.ts'
import { openWorkspace } from '../control/workspace.ts'
import { count } from '../language/counted.ts'
import type { CommandSpec } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import { printJson } from './print-json.ts'
import { isSet, text } from './read-options.ts'
import { table } from './table.ts'

export const replayCommand: CommandSpec = {
  name: 'replay',
  summary: "judge the stored answers again with today's validators; free",
  examples: ['replay', 'replay --domain Optics --json', 'replay --apply'],
  configure: (command) =>
    command
      .option('--apply', 'write what changes; without it nothing is written')
      .option('--domain <domain>', 'only clusters of this domain'),
  async run(args, options, context) {
    if (args.length > 0) throw new RffError('usage', `replay takes no arguments, was given ${args.join(' ')}`)
    const config = context.loadConfig({})
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const found = replay(
        workspace,
        config,
        {
          isApplied: isSet(options, 'apply'),
          domain: text(options, 'domain'),
          promptText: readPrompt(config.structure.promptFile),
        },
        context.nowMs(),
      )
      if (context.wantsJson) printJson(context, 'replay', found)
      else context.print(describeReplay(found))
      if (found.held.length > 0) return exitCodeOf('lock_held')
      return found.unreadable.length > 0 ? exitCodeOf('shard_damaged') : 0
    } finally {
      workspace.close()
    }
  },
}

function describeReplay(found: Replay): string {
  const { counts, codes, samples, isApplied, taskVersion, held, unreadable } = found
  const changes = counts.newly_ok + counts.newly_bad + counts.structure_differs + counts.findings_differ
  const lines = [
    `stored answers judged again by version ${taskVersion}; no request was sent`,
    ...MEANINGS.map(([name, meaning]) => `  ${count(counts[name]).padStart(11)}  ${meaning}`),
  ]
  if (codes.length > 0)
    lines.push(
      '',
      table(
        [
          { heading: 'change' },
          { heading: 'code' },
          { heading: 'gone', isNumber: true },
          { heading: 'come', isNumber: true },
        ],
        codes.map(({ change, code, gone, come }) => [inWords(change), code, count(gone), count(come)]),
      ),
    )
  if (samples.length > 0) lines.push('', 'for example', ...samples.map(describeSample))
  for (const { shardNo, heldBy } of held) lines.push(`shard ${shardNo} was skipped: ${heldBy} holds it`)
  for (const { shardNo, code, message } of unreadable)
    lines.push(`shard ${shardNo} could not be read: ${code}: ${message}`)
  if (isApplied)
    lines.push('', changes === 0 ? 'nothing had to be changed' : 'applied; next: rff-shard merge')
  else if (changes > 0) lines.push('', 'nothing was written; next: rff-shard replay --apply')
  return lines.join('\n')
}

const MEANINGS: readonly (readonly [keyof Replay['counts'], string])[] = [
  ['newly_ok', 'newly ok'],
  ['newly_bad', 'newly bad'],
  ['structure_differs', 'ok as before, with another structure'],
  ['findings_differ', 'in quarantine as before, for other reasons'],
  ['unchanged', 'unchanged'],
  ['not_enough', 'left as they are: a lane would have to be asked first'],
  ['decided_by_person', 'left as they are: a person decided'],
]

const inWords = (change: string): string => change.replaceAll('_', ' ')

const describeSample = ({ change, clusterId, shardNo, before, after, differsIn }: ReplaySample): string =>
  [
    `  ${inWords(change)}: ${clusterId} (shard ${shardNo})`,
    before.length + after.length === 0 ? '' : `, ${codesText(before)} → ${codesText(after)}`,
    differsIn.length === 0 ? '' : `, differs in ${differsIn.join(', ')}`,
  ].join('')

const codesText = (codes: readonly string[]): string => (codes.length === 0 ? 'nothing' : codes.join('+'))
