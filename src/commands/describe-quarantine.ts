/** Lists of cases and what became of them, for a reader. */
import type { ChangedCases } from '../control/quarantine/change-cases.ts'
import type { Corrected } from '../control/quarantine/correct-case.ts'
import type { CaseList } from '../control/quarantine/list-cases.ts'
import type { UnreadableShard } from '../control/status/visit-shards.ts'
import { plural } from '../language/counted.ts'
import { printableLine } from '../language/printable.ts'
import { table } from './table.ts'

export const NO_CASE = 'no case matches'

export function describeList({ cases, unreadable }: CaseList): string {
  const rows = cases.map(({ clusterId, seedFactId, state, signature, model, note }) =>
    [clusterId, seedFactId, state, signature, model ?? '–', note].map(printableLine),
  )
  const headings = ['cluster', 'seed', 'state', 'signature', 'asked last', 'note']
  return [
    cases.length === 0
      ? NO_CASE
      : table(
          headings.map((heading) => ({ heading })),
          rows,
        ),
    ...describeUnreadable({ unreadable }),
  ].join('\n')
}

export function describeChanged(
  { clusterIds, left, held, unreadable }: ChangedCases,
  what: string,
  next: string,
): string {
  return [
    `${plural(clusterIds.length, 'case')} ${what}`,
    ...left.map((clusterId) => `${clusterId} stays as it is: see rff-shard quarantine show ${clusterId}`),
    ...held.map(
      ({ shardNo, heldBy, cases }) =>
        `${plural(cases, 'case')} of shard ${shardNo} ${cases === 1 ? 'was' : 'were'} skipped: ${heldBy} holds it`,
    ),
    ...describeUnreadable({ unreadable }),
    ...(clusterIds.length > 0 ? [`next: ${next}`] : []),
  ].join('\n')
}

export const describeCorrected = ({
  clusterId,
  shardNo,
  conceptName,
}: Extract<Corrected, { ok: true }>): string =>
  printableLine(`${clusterId} in shard ${shardNo} has your structure now, for the concept ${conceptName}`) +
  '\nnext: rff-shard merge takes it into the field'

export const describeUnreadable = ({
  unreadable,
}: {
  readonly unreadable: readonly UnreadableShard[]
}): string[] =>
  unreadable.map(({ shardNo, code, message }) => `shard ${shardNo} could not be read: ${code}: ${message}`)
