/** What a provider's list has settled, in words. */
import type { Reconciled } from '../control/reconcile/reconcile.ts'
import type { ReconciledVectors } from '../control/reconcile/reconcile-vectors.ts'
import type { Settled } from '../control/reconcile/settle-books.ts'
import { count, plural } from '../language/counted.ts'
import { dollars } from './format.ts'

export function describeReconciled(found: Reconciled): string {
  const { listed, refused, foreign, covers, vectors, held, unreadable } = found
  const lines = [
    `${plural(listed, 'request')} in the list, ${count(foreign)} of them none of ours`,
    ...settledLines(found),
    covers === null
      ? 'it covers no time that is known, so nothing it lacks was taken as not billed'
      : `it covers ${isoOf(covers.fromMs)} to ${isoOf(covers.toMs)}`,
    ...coverLines(found, 'request'),
  ]
  if (vectors !== null) lines.push('vectors', ...vectorLines(vectors))
  for (const { line, failure } of refused.slice(0, REFUSED_SHOWN))
    lines.push(`line ${line} could not be read: ${failure.message}`)
  if (refused.length > REFUSED_SHOWN)
    lines.push(`and ${plural(refused.length - REFUSED_SHOWN, 'more line')} could not be read`)
  for (const { shardNo, heldBy } of held) lines.push(`shard ${shardNo} was skipped: ${heldBy} holds it`)
  for (const { shardNo, code, message } of unreadable)
    lines.push(`shard ${shardNo} could not be read: ${code}: ${message}`)
  return lines.join('\n')
}

const settledLines = (settled: Settled): string[] => [
  `  billed       ${count(settled.billed)} that were unknown, ${dollars(settled.billedMicroUsd)}`,
  `  not billed   ${count(settled.notBilled)} that were unknown`,
  `  not matched  ${count(settled.notMatched)} stay unknown, at their worst case`,
  `  corrected    ${plural(settled.corrected, 'answer')} that came without usage`,
  `  freed        ${dollars(settled.freedMicroUsd)}`,
]

function coverLines({ providers }: Pick<Reconciled, 'providers'>, what: string): string[] {
  return providers.flatMap(({ provider, answered, missing, contradicted }) => [
    ...(missing === 0
      ? []
      : [
          `it lacks ${count(missing)} of ${plural(answered, what)} that ${provider} answered in that time: it is not whole, so nothing it lacks was taken as not billed`,
        ]),
    ...(contradicted === 0
      ? []
      : [`${plural(contradicted, 'answer')} of ${provider} told other tokens than the list does`]),
  ])
}

function vectorLines(vectors: ReconciledVectors): string[] {
  const { heldBy, failure } = vectors
  if (heldBy !== null) return [`  were skipped: ${heldBy} makes some`]
  if (failure !== null) return [`  could not be read: ${failure.code}: ${failure.message}`]
  return [...settledLines(vectors), ...coverLines(vectors, 'vector request')]
}

const REFUSED_SHOWN = 5

const isoOf = (ms: number): string => new Date(ms).toISOString()
