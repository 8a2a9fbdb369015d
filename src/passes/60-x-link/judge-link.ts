/** Which scored candidates are kept, and what is suspicious about those that are. */
import type { DropReason, LinkEvidence, LinkFlag, ScoredLink } from '../../../schemas/link.ts'
import { type Worth, worthOf } from './score.ts'
import { standsInsideWord } from './stands-inside-word.ts'

/** Least score per relation type as a share of 1; `default` is for the others. */
export type Thresholds = Readonly<Record<string, number>>

/** What is asked of a type that the settings do not name, where they have no `default` either. */
const LEAST_SHARE = 0.5

/**
 * @param evidence of one candidate edge, at least one piece
 * @param textOf the text of a fact; undefined where nobody has it
 */
export function judgeLink(
  evidence: readonly LinkEvidence[],
  isSameDomain: boolean,
  thresholds: Thresholds,
  textOf: (factId: string) => string | undefined,
): ScoredLink {
  const { srcConceptId, dstConceptId, relType } = evidence[0]!
  const worth = worthOf(evidence, isSameDomain)
  const reason = dropReason(worth, thresholdOf(relType, thresholds))
  const isKept = reason === ''
  return {
    srcConceptId,
    dstConceptId,
    relType,
    scoreMillionths: worth.scoreMillionths,
    parts: worth.parts,
    isKept,
    reason,
    flags: isKept ? flagsOf(evidence, worth, textOf) : [],
  }
}

const thresholdOf = (relType: string, thresholds: Thresholds): number =>
  Math.round((thresholds[relType] ?? thresholds.default ?? LEAST_SHARE) * 1_000_000)

function dropReason({ scoreMillionths, parts }: Worth, threshold: number): DropReason {
  if (scoreMillionths >= threshold) return ''
  const hubPart = parts.hub_name ?? 0
  return hubPart < 0 && scoreMillionths - hubPart >= threshold ? 'hub_name' : 'below_threshold'
}

function flagsOf(
  evidence: readonly LinkEvidence[],
  { isHub }: Worth,
  textOf: (factId: string) => string | undefined,
): LinkFlag[] {
  const flags: LinkFlag[] = []
  if (isHub) flags.push('hub_name')
  const named = evidence.filter((piece) => piece.detail.name !== undefined)
  const isInside = ({ factId, detail }: LinkEvidence): boolean =>
    standsInsideWord(detail.name!, textOf(factId) ?? '')
  if (named.length > 0 && named.every(isInside)) flags.push('name_inside_word')
  return flags
}

/** Of two opposite edges of a type that cannot go both ways the one to keep: the better one, then the smaller source. */
export const betterOf = (a: ScoredLink, b: ScoredLink): ScoredLink => {
  if (a.scoreMillionths !== b.scoreMillionths) return a.scoreMillionths > b.scoreMillionths ? a : b
  return a.srcConceptId < b.srcConceptId ? a : b
}

export const withFlag = (link: ScoredLink, flag: LinkFlag): ScoredLink => ({
  ...link,
  flags: [...new Set([...link.flags, flag])].sort(),
})
