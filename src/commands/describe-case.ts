/** One case of the quarantine for a reader: what the model was shown, what it said, and what is wrong with that. */
import type { ShownCase } from '../control/quarantine/show-cases.ts'
import { printable, printableLine } from '../language/printable.ts'
import { sideBySide } from './side-by-side.ts'

const WIDTH_CHARS = 120

export function describeCase({ shardNo, cluster, quarantine, answer }: ShownCase): string {
  const { clusterId, seedFactId, domain, members, attempts } = cluster
  const facts = members.map(
    ({ i, standing, factId, text }) =>
      `[${i}] ${standing === 'context' ? '(context) ' : ''}${printableLine(text)}\n    ${printableLine(factId)}`,
  )
  return [
    printableLine(`${clusterId}  shard ${shardNo}  seed ${seedFactId}  ${domain}`),
    `${quarantine.state}: ${quarantine.codes.join(', ')}${quarantine.note === '' ? '' : `  (${printableLine(quarantine.note)})`}`,
    `attempts: ${attempts.map(({ attemptId, lane, provider, state, verdict }) => `${attemptId} ${lane} ${provider} ${verdict ?? state}`).join('; ') || 'none'}`,
    '',
    sideBySide(['facts', ...facts].join('\n'), `answer\n${printable(readable(answer))}`, WIDTH_CHARS),
    '',
    'what failed',
    ...quarantine.findings.map(({ code, at, message }) =>
      printableLine(`  ${code}${at === '' ? '' : ` at ${at}`}: ${message}`),
    ),
  ].join('\n')
}

/** JSON is indented; what is no JSON is shown as it came. */
function readable(answer: string | null): string {
  if (answer === null) return '(none came)'
  try {
    return JSON.stringify(JSON.parse(answer), null, 2)
  } catch {
    // That it is no JSON may be the very reason why the case is here.
    return answer
  }
}
