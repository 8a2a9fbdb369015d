/**
 * What an arriving record is to the corpus. Pure.
 *
 * The content of a fact is its text, its domain and its group. The source is not: it leads a person back, and the
 * same statement may well be found in two places.
 */
import type { Fact } from '../../../schemas/fact.ts'
import { bad, good, type Outcome } from '../../../schemas/failure.ts'
import type { Arrival } from './accept-line.ts'

/** What the corpus knows of the fact that the record names. */
export interface KnownFact {
  readonly dupGroupId: string
  readonly domain: string
  readonly text: string
  readonly state: 'live' | 'removed'
}

/** The counter of `inputs` that a line ends in, and what the clusters have to be told. */
export interface Verdict {
  readonly counter: 'added' | 'changed' | 'removed' | 'known' | 'repeated'
  readonly touch: 'changed' | 'regrouped' | 'removed' | null
}

const ADDED = good<Verdict>({ counter: 'added', touch: null })
const KNOWN = good<Verdict>({ counter: 'known', touch: null })
const REPEATED = good<Verdict>({ counter: 'repeated', touch: null })

/**
 * Within one plan the first record of an id holds, and another one must say the same; a later plan may say
 * something new.
 *
 * @param isOfThisPlan whether an earlier record of this plan named the fact
 */
export function judgeArrival(
  known: KnownFact | undefined,
  arrival: Arrival,
  isOfThisPlan: boolean,
): Outcome<Verdict> {
  if (known === undefined) {
    return arrival.kind === 'fact'
      ? ADDED
      : bad('removed_unknown', `there is no fact ${JSON.stringify(arrival.factId)}`)
  }
  if (isOfThisPlan) {
    return saysTheSame(known, arrival)
      ? REPEATED
      : bad('fact_id_repeated', 'an earlier record of this plan gave the id other content')
  }
  if (saysTheSame(known, arrival)) return KNOWN
  if (arrival.kind === 'removal') return good({ counter: 'removed', touch: 'removed' })
  if (known.state === 'removed') return ADDED
  return good({
    counter: 'changed',
    touch: known.dupGroupId === arrival.fact.dupGroupId ? 'changed' : 'regrouped',
  })
}

const saysTheSame = (known: KnownFact, arrival: Arrival): boolean =>
  arrival.kind === 'removal'
    ? known.state === 'removed'
    : known.state === 'live' && sameContent(known, arrival.fact)

const sameContent = (known: KnownFact, fact: Fact): boolean =>
  known.text === fact.text && known.domain === fact.domain && known.dupGroupId === fact.dupGroupId
