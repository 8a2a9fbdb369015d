/**
 * PassM': which raw concepts are one. A cascade: equal names are equal ids already; then names that are near, then
 * aliases that meet names or each other, with evidence; then what only one weak bridge holds together is vetoed.
 *
 * Numbers stand for concepts, in ascending order of their ids, so that the smallest number is the smallest id.
 */
import { type ClaimTable, createClaimTable } from '../../language/claim-table.ts'
import { createWordCounts, type WordCounts } from './gloss-likeness.ts'
import { type Candidate, judgePair, type Profile, type VetoReason } from './judge-pair.ts'
import { keepOpposedApart } from './keep-opposed-apart.ts'
import { createUnion } from './unite.ts'
import { variantKey } from './variant-key.ts'
import { vetoBridges } from './veto-bridges.ts'

/** What the names of all concepts must be read for, before any pair is judged. */
export interface NameIndex {
  readonly claims: ClaimTable
  readonly counts: WordCounts
  /** @param concept the next one in ascending order of ids */
  add(concept: NamedConcept): void
}

export interface NamedConcept extends Pick<Profile, 'normalisedName' | 'normalisedAliases'> {
  /** As written, each once. */
  readonly glosses: readonly string[]
}

export function createNameIndex(): NameIndex {
  const claims = createClaimTable()
  const counts = createWordCounts()
  return {
    claims,
    counts,
    add({ normalisedName, normalisedAliases, glosses }) {
      const no = claims.ownerCount
      claims.claim(no, variantKey(normalisedName), true)
      for (const alias of normalisedAliases) claims.claim(no, variantKey(alias), false)
      for (const gloss of glosses) counts.count(gloss)
    },
  }
}

export interface Merge {
  readonly no: number
  readonly canonicalNo: number
  readonly reason: 'self' | 'alias' | 'near'
  /** The key that the concept shares with another of its group; empty for a concept that is its own. */
  readonly via: string
}

export interface Veto {
  readonly a: number
  readonly b: number
  readonly reason: VetoReason
  readonly via: string
}

export interface Normalisation {
  /** One for each concept, in their order. */
  readonly merges: Iterable<Merge>
  /** Pairs that share a name and stay apart, ascending. */
  readonly vetoes: readonly Veto[]
  /** Forms that too many concepts claim to say anything. */
  readonly ambiguousForms: number
}

interface AcceptedPair {
  readonly a: number
  readonly b: number
  readonly reason: 'alias' | 'near'
  readonly via: string
  readonly isStrong: boolean
}

/** A form claimed by more concepts than this merges nothing: it is a word, not a name. */
const MOST_CLAIMANTS = 8

/**
 * @param profileOf the same answer for the same concept every time
 * @param areApart pairs that must not meet, since their domains are kept apart
 */
export function normalise(
  { claims, counts }: Pick<NameIndex, 'claims' | 'counts'>,
  profileOf: (no: number) => Profile,
  areApart: (a: number, b: number) => boolean = () => false,
): Normalisation {
  const accepted: AcceptedPair[] = []
  const vetoes: Veto[] = []
  const ambiguous = new Set<number>()
  for (const candidate of candidatesIn(claims, ambiguous)) {
    const { a, b } = candidate
    if (areApart(a, b)) continue
    const verdict = judgePair(candidate, profileOf(a), profileOf(b), counts)
    if (verdict.kind === 'same') accepted.push({ ...verdict, a, b })
    else if (verdict.kind === 'veto') vetoes.push({ a, b, reason: verdict.reason, via: verdict.via })
  }
  const bridged = vetoBridges(accepted)
  for (const { a, b, via } of bridged.vetoed) vetoes.push({ a, b, reason: 'weak_bridge', via })
  const nameOf = (no: number): string => profileOf(no).normalisedName
  const chained = keepOpposedApart(bridged.kept, claims.ownerCount, nameOf)
  for (const { a, b, via } of chained.vetoed) vetoes.push({ a, b, reason: 'opposed_chain', via })
  return {
    merges: mergesOf(claims.ownerCount, chained.kept),
    vetoes: vetoes.sort((x, y) => x.a - y.a || x.b - y.b),
    ambiguousForms: ambiguous.size,
  }
}

/** Pairs that share a key, ascending; each pair once, so memory is that of one concept's pairs. */
function* candidatesIn(claims: ClaimTable, ambiguous: Set<number>): Generator<Candidate> {
  for (let a = 0; a < claims.ownerCount; a++) {
    const partners = new Map<number, { sharedKeys: string[]; isOwnKey: boolean }>()
    for (const { formNo } of claims.claimsOf(a)) {
      const count = claims.claimantCount(formNo)
      if (count > MOST_CLAIMANTS) ambiguous.add(formNo)
      if (count < 2 || count > MOST_CLAIMANTS) continue
      for (const { owner } of claims.claimantsOf(formNo)) {
        if (owner <= a) continue
        const partner = partners.get(owner) ?? { sharedKeys: [], isOwnKey: false }
        partner.sharedKeys.push(claims.formAt(formNo))
        partner.isOwnKey ||= count === 2
        partners.set(owner, partner)
      }
    }
    for (const [b, { sharedKeys, isOwnKey }] of [...partners].sort(([x], [y]) => x - y)) {
      yield { a, b, sharedKeys: sharedKeys.sort(), isOwnKey }
    }
  }
}

function* mergesOf(conceptCount: number, pairs: readonly AcceptedPair[]): Generator<Merge> {
  const union = createUnion(conceptCount)
  const best = new Map<number, AcceptedPair>()
  for (const pair of pairs) {
    union.join(pair.a, pair.b)
    for (const no of [pair.a, pair.b]) best.set(no, clearer(pair, best.get(no)))
  }
  for (let no = 0; no < conceptCount; no++) {
    const canonicalNo = union.rootOf(no)
    const { reason, via } = best.get(no) ?? { reason: 'self' as const, via: '' }
    yield canonicalNo === no ? { no, canonicalNo, reason: 'self', via: '' } : { no, canonicalNo, reason, via }
  }
}

/** Of two pairs that hold a concept in its group the one to show: strong before weak, then by key. */
function clearer(pair: AcceptedPair, known: AcceptedPair | undefined): AcceptedPair {
  if (known === undefined || pair.isStrong !== known.isStrong) return known?.isStrong ? known : pair
  return pair.via < known.via ? pair : known
}
