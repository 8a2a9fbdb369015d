/** PassX_link v1: what the evidence of one candidate is worth, in millionths, from named parts. */
import type { LinkDetail, LinkEvidence } from '../../../schemas/link.ts'

/** What each part adds. A link that an answer named, or a fact says outright, passes 0.5 if little speaks against it. */
const WORTH = {
  named: 450_000,
  said: 450_000,
  /** Both: the answer and the fact that it read are one witness, not two. */
  named_and_said: 550_000,
  mentioned: 150_000,
  shared_terms: 100_000,
  /** Each shared term beyond the third, five at most. */
  further_term: 30_000,
  /** Each further cluster that says so, four at most: a set, so that nothing counts twice. */
  further_cluster: 50_000,
  rare_name: 100_000,
  known_name: 50_000,
  same_domain: 50_000,
  by_alias: -100_000,
  /** A name of function words ("same", "up"): whatever it was meant to be, it is not found again. */
  empty_name: -250_000,
  hub_name: -250_000,
} as const

const LEAST_TERMS = 3
const MOST_FURTHER_TERMS = 5
const MOST_FURTHER_CLUSTERS = 4

/** Facts in which a name may stand and still be rare, known, or not yet a hub. */
const RARE_NAME_FACTS = 20
const KNOWN_NAME_FACTS = 200
export const HUB_NAME_FACTS = 2_000

export interface Worth {
  readonly parts: Readonly<Record<string, number>>
  readonly scoreMillionths: number
  /** Every name that speaks for the link stands in more facts than a name that means one thing. */
  readonly isHub: boolean
}

/**
 * @param evidence of one candidate edge, at least one piece
 * @param isSameDomain whether the two ends share a domain
 */
export function worthOf(evidence: readonly LinkEvidence[], isSameDomain: boolean): Worth {
  const isHub = hubOf(evidence)
  const parts: Record<string, number> = {
    ...evidenceParts(evidence),
    ...nameParts(evidence),
    ...(isSameDomain ? { same_domain: WORTH.same_domain } : {}),
    ...(isHub ? { hub_name: WORTH.hub_name } : {}),
  }
  const sum = Object.values(parts).reduce((total, part) => total + part, 0)
  return { parts, scoreMillionths: Math.max(0, Math.min(1_000_000, sum)), isHub }
}

function evidenceParts(evidence: readonly LinkEvidence[]): Record<string, number> {
  const of = (kind: LinkEvidence['evidence']) => evidence.filter((piece) => piece.evidence === kind)
  const mentions = of('mention')
  const isNamed = of('named').length > 0
  const isSaid = mentions.some((piece) => piece.detail.cue !== undefined)
  const terms = of('shared_terms')[0]?.detail.terms ?? []
  const furtherTerms = Math.min(MOST_FURTHER_TERMS, Math.max(0, terms.length - LEAST_TERMS))
  const furtherClusters = Math.min(
    MOST_FURTHER_CLUSTERS,
    new Set(
      of('named')
        .concat(mentions)
        .map((piece) => piece.clusterId),
    ).size - 1,
  )
  return withoutZeros({
    ...(isNamed && isSaid
      ? { named_and_said: WORTH.named_and_said }
      : { named: isNamed ? WORTH.named : 0, said: isSaid ? WORTH.said : 0 }),
    mentioned: mentions.length > 0 && !isSaid ? WORTH.mentioned : 0,
    shared_terms: terms.length > 0 ? WORTH.shared_terms + furtherTerms * WORTH.further_term : 0,
    further_clusters: Math.max(0, furtherClusters) * WORTH.further_cluster,
  })
}

function nameParts(evidence: readonly LinkEvidence[]): Record<string, number> {
  const named = evidence.map((piece) => piece.detail).filter((detail) => detail.name !== undefined)
  if (named.length === 0) return {}
  const counts = named.flatMap((detail) => (detail.factCount === undefined ? [] : [detail.factCount]))
  if (counts.length === 0) return { empty_name: WORTH.empty_name }
  const factCount = Math.min(...counts)
  const isRare = factCount <= RARE_NAME_FACTS || named.some((detail) => detail.name!.includes(' '))
  return withoutZeros({
    name: isRare ? WORTH.rare_name : factCount <= KNOWN_NAME_FACTS ? WORTH.known_name : 0,
    by_alias: named.every((detail) => detail.isAlias === true) ? WORTH.by_alias : 0,
  })
}

const isHubName = ({ name, factCount = 0 }: LinkDetail): boolean =>
  name !== undefined && factCount > HUB_NAME_FACTS

function hubOf(evidence: readonly LinkEvidence[]): boolean {
  const named = evidence.filter((piece) => piece.detail.name !== undefined)
  return named.length > 0 && named.every((piece) => isHubName(piece.detail))
}

const withoutZeros = (parts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(parts).filter(([, worth]) => worth !== 0))
