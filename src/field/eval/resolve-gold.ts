/**
 * Gold about facts becomes gold about the facts that can stand in a field: a duplicate is spoken for by its
 * representative, a fact that the corpus does not have is left out and counted.
 */
import { directed, type GoldPair, pairKey } from './gold-pairs.ts'
import type { Gold } from './read-gold.ts'

export interface ResolvedTree {
  readonly leaves: readonly string[]
  readonly distractors: readonly string[]
}

export interface ResolvedGold {
  /** Each once, in the order of the gold; both ends differ. */
  readonly pairs: readonly GoldPair[]
  /** By relation: pairs of one group of duplicates, which the plan knew without any field. */
  readonly inOneGroup: ReadonlyMap<string, number>
  /** By relation: pairs of which the corpus lacks an end. */
  readonly unknown: ReadonlyMap<string, number>
  readonly trees: readonly ResolvedTree[]
}

/** @param speakerFor undefined for a fact that the corpus does not have */
export function resolveGold(
  { relations, trees }: Gold,
  speakerFor: (factId: string) => string | undefined,
): ResolvedGold {
  const pairs = new Map<string, GoldPair>()
  const inOneGroup = new Map<string, number>()
  const unknown = new Map<string, number>()
  for (const { src: givenSrc, relation, dst: givenDst } of relations) {
    const [src, dst] = [speakerFor(givenSrc), speakerFor(givenDst)]
    if (src === undefined || dst === undefined) countOne(unknown, relation)
    else if (src === dst) countOne(inOneGroup, relation)
    else {
      const pair = directed(relation, src, dst)
      pairs.set(pairKey(pair), pair)
    }
  }
  const known = (ids: readonly string[]): string[] => [
    ...new Set(ids.map(speakerFor).filter((id) => id !== undefined)),
  ]
  return {
    pairs: [...pairs.values()],
    inOneGroup,
    unknown,
    trees: trees.map(({ leaves, distractors }) => ({
      leaves: known(leaves),
      distractors: known(distractors),
    })),
  }
}

const countOne = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1)
