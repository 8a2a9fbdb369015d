/**
 * Takes merges back where a chain of them has brought opposed or look-alike names together: "positive regulation" is
 * one with "regulation" by an alias, "regulation" with "negative regulation" by another, and no pair was wrong by
 * itself.
 */
import { wordsOf } from '../../language/words.ts'
import { areLookAlikes } from './look-alikes.ts'
import { opposes } from './opposes.ts'
import { createUnion } from './unite.ts'
import { variantKey } from './variant-key.ts'
import type { Edge } from './veto-bridges.ts'

/**
 * In a group that holds an opposed pair the weak merges are taken back, and all of them where that is not enough.
 *
 * @param nameOf the normalised name of a concept
 */
export function keepOpposedApart<E extends Edge>(
  edges: readonly E[],
  conceptCount: number,
  nameOf: (no: number) => string,
): { kept: E[]; vetoed: E[] } {
  const afterWeak = takeBack(edges, (edge) => !edge.isStrong, conceptCount, nameOf)
  const afterAll = takeBack(afterWeak.kept, () => true, conceptCount, nameOf)
  return { kept: afterAll.kept, vetoed: [...afterWeak.vetoed, ...afterAll.vetoed] }
}

function takeBack<E extends Edge>(
  edges: readonly E[],
  isLoose: (edge: E) => boolean,
  conceptCount: number,
  nameOf: (no: number) => string,
): { kept: E[]; vetoed: E[] } {
  const union = createUnion(conceptCount)
  for (const { a, b } of edges) union.join(a, b)
  const groups = new Map<number, Set<number>>()
  for (const { a, b } of edges) {
    const root = union.rootOf(a)
    groups.set(root, (groups.get(root) ?? new Set()).add(a).add(b))
  }
  const torn = new Set<number>()
  for (const [root, members] of groups) {
    if (members.size > 2 && holdOpposed([...members].map(nameOf))) torn.add(root)
  }
  const isVetoed = (edge: E): boolean => torn.has(union.rootOf(edge.a)) && isLoose(edge)
  return { kept: edges.filter((edge) => !isVetoed(edge)), vetoed: edges.filter(isVetoed) }
}

const holdOpposed = (names: readonly string[]): boolean =>
  names.some((name, at) => names.slice(0, at).some((other) => areOpposed(name, other)))

/** Variants of one name look alike because they are one name. */
function areOpposed(name: string, other: string): boolean {
  if (variantKey(name) === variantKey(other)) return false
  const [words, otherWords] = [wordsOf(name), wordsOf(other)]
  return opposes(words, otherWords) || areLookAlikes(words, otherWords)
}
