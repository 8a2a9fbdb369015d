/**
 * Whether two concepts that share a name are one. Over-merging is the worst fault, so names alone never suffice
 * for an alias: it takes other evidence, the less the more names they share.
 *
 * @source docs/decisions/0042-alias-evidence.md
 */
import { stemOf } from '../../language/stem.ts'
import { wordsOf } from '../../language/words.ts'
import { glossLikeness, type WordCounts } from './gloss-likeness.ts'
import { areLookAlikes } from './look-alikes.ts'
import { opposes } from './opposes.ts'
import { variantKey } from './variant-key.ts'

/** What is known about a concept beside its place in the tables. */
export interface Profile {
  readonly normalisedName: string
  readonly normalisedAliases: readonly string[]
  /** As glossWordsOf gives them, one entry a gloss. */
  readonly glosses: readonly (readonly string[])[]
  /** A fact defines it, so that its gloss says what it is and not merely something of it. */
  readonly isDefined: boolean
  /** Duplicate groups of its member facts, ascending. */
  readonly memberGroups: readonly string[]
}

export interface Candidate {
  readonly a: number
  readonly b: number
  /** Keys that both claim, as name or alias, ascending; at least one. */
  readonly sharedKeys: readonly string[]
  /** Of the shared keys one is claimed by these two alone. */
  readonly isOwnKey: boolean
}

export type Verdict =
  | {
      readonly kind: 'same'
      readonly reason: 'alias' | 'near'
      readonly via: string
      readonly isStrong: boolean
    }
  | { readonly kind: 'veto'; readonly reason: VetoReason; readonly via: string }
  | { readonly kind: 'apart' }

export type VetoReason =
  | 'opposed_names'
  | 'look_alike_names'
  | 'unsupported_alias'
  | 'unsupported_near'
  | 'opposed_chain'
  | 'weak_bridge'

/** Least likeness of glosses or members, in millionths, by how many keys are shared: one, two, three and more. */
const LEAST_LIKENESS: readonly [number, number, number] = [700_000, 300_000, 100_000]
const MOST_COUNTED = LEAST_LIKENESS.length

/**
 * A singular and its plural, or two spellings, can be two things ("hard time", "hard times"). Where both are defined
 * their definitions must have something in common; facts about one thing need not.
 */
const LEAST_LIKENESS_OF_NEAR = 100_000

export function judgePair(
  { sharedKeys, isOwnKey }: Candidate,
  a: Profile,
  b: Profile,
  counts: Pick<WordCounts, 'weightOf'>,
): Verdict {
  const likeness = likenessOf(a, b, counts)
  const nearKey = variantKey(a.normalisedName)
  if (nearKey === variantKey(b.normalisedName)) {
    return a.isDefined && b.isDefined && likeness < LEAST_LIKENESS_OF_NEAR
      ? { kind: 'veto', reason: 'unsupported_near', via: nearKey }
      : { kind: 'same', reason: 'near', via: nearKey, isStrong: sharedKeys.length > 1 }
  }
  const via = sharedKeys[0]!
  const names = [wordsOf(a.normalisedName), wordsOf(b.normalisedName)] as const
  if (opposes(...names)) return { kind: 'veto', reason: 'opposed_names', via }
  if (likeness < LEAST_LIKENESS[Math.min(sharedKeys.length, MOST_COUNTED) - 1]!) {
    return isOwnKey ? { kind: 'veto', reason: 'unsupported_alias', via } : { kind: 'apart' }
  }
  if (sharedKeys.length < MOST_COUNTED && areLookAlikes(...names)) {
    return { kind: 'veto', reason: 'look_alike_names', via }
  }
  return { kind: 'same', reason: 'alias', via, isStrong: sharedKeys.length > 1 }
}

/** Glosses looked at per concept; clusters that agree say the same many times over. */
const MOST_GLOSSES = 8

/**
 * Glosses or members, whichever agree better. A gloss is compared with the one of the other side that is most like
 * it, and the mean counts: a word of many senses agrees with another concept in one of them only.
 */
function likenessOf(a: Profile, b: Profile, counts: Pick<WordCounts, 'weightOf'>): number {
  const names = [a.normalisedName, b.normalisedName, ...a.normalisedAliases, ...b.normalisedAliases]
  const named = new Set(names.flatMap(wordsOf).map(stemOf))
  const table = a.glosses
    .slice(0, MOST_GLOSSES)
    .map((one) => b.glosses.slice(0, MOST_GLOSSES).map((other) => glossLikeness(one, other, named, counts)))
  const turned = (table[0] ?? []).map((_, column) => table.map((row) => row[column]!))
  return Math.max(overlap(a.memberGroups, b.memberGroups), Math.min(meanOfBest(table), meanOfBest(turned)))
}

const meanOfBest = (table: readonly (readonly number[])[]): number =>
  table.length === 0 ? 0 : Math.floor(table.reduce((sum, row) => sum + Math.max(0, ...row), 0) / table.length)

/** Jaccard similarity in millionths. */
function overlap(a: readonly string[], b: readonly string[]): number {
  const inA = new Set(a)
  const shared = b.filter((group) => inA.has(group)).length
  const all = a.length + b.length - shared
  return all === 0 ? 0 : Math.floor((shared * 1_000_000) / all)
}
