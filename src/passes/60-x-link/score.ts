/** PassX_link v1: what the evidence of one candidate is worth, in millionths, from named parts. */
import type { LinkEvidence } from '../../../schemas/link.ts'

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
  const parts: Record<string, number> = {}
  let sum = 0
  const add: AddPart = (name, worth) => {
    if (worth === 0) return
    parts[name] = worth
    sum += worth
  }
  addEvidence(evidence, add)
  const isHub = addNames(evidence, add)
  if (isSameDomain) add('same_domain', WORTH.same_domain)
  if (isHub) add('hub_name', WORTH.hub_name)
  return { parts, scoreMillionths: Math.max(0, Math.min(1_000_000, sum)), isHub }
}

/** Parts that are worth nothing are left out. */
type AddPart = (name: string, worth: number) => void

function addEvidence(evidence: readonly LinkEvidence[], add: AddPart): void {
  let [isNamed, isMentioned, isSaid] = [false, false, false]
  let terms: readonly string[] | undefined
  const clusters = new Set<string>()
  for (const { evidence: kind, detail, clusterId } of evidence) {
    if (kind === 'shared_terms') {
      terms ??= detail.terms ?? []
      continue
    }
    clusters.add(clusterId)
    if (kind === 'named') isNamed = true
    else {
      isMentioned = true
      isSaid ||= detail.cue !== undefined
    }
  }
  if (isNamed && isSaid) add('named_and_said', WORTH.named_and_said)
  else if (isNamed) add('named', WORTH.named)
  else if (isSaid) add('said', WORTH.said)
  if (isMentioned && !isSaid) add('mentioned', WORTH.mentioned)
  if (terms !== undefined && terms.length > 0) {
    const furtherTerms = Math.min(MOST_FURTHER_TERMS, Math.max(0, terms.length - LEAST_TERMS))
    add('shared_terms', WORTH.shared_terms + furtherTerms * WORTH.further_term)
  }
  const furtherClusters = Math.min(MOST_FURTHER_CLUSTERS, Math.max(0, clusters.size - 1))
  add('further_clusters', furtherClusters * WORTH.further_cluster)
}

/** @returns whether every name stands in more facts than a name that means one thing */
function addNames(evidence: readonly LinkEvidence[], add: AddPart): boolean {
  let names = 0
  let [isEveryAlias, isEveryHub, hasPhrase] = [true, true, false]
  let factCount: number | undefined
  for (const { detail } of evidence) {
    if (detail.name === undefined) continue
    names++
    isEveryAlias &&= detail.isAlias === true
    isEveryHub &&= (detail.factCount ?? 0) > HUB_NAME_FACTS
    hasPhrase ||= detail.name.includes(' ')
    if (detail.factCount !== undefined) factCount = Math.min(factCount ?? detail.factCount, detail.factCount)
  }
  if (names === 0) return false
  if (factCount === undefined) add('empty_name', WORTH.empty_name)
  else {
    const isRare = factCount <= RARE_NAME_FACTS || hasPhrase
    add('name', isRare ? WORTH.rare_name : factCount <= KNOWN_NAME_FACTS ? WORTH.known_name : 0)
    if (isEveryAlias) add('by_alias', WORTH.by_alias)
  }
  return isEveryHub
}
