/** eval: what a field says, measured against what people said of the same facts. */
import { type Evaluating, evaluating } from '../../../db/queries/evaluating.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { evaluationSchema, goldCountSchema } from '../../../schemas/output/eval.ts'
import type { HashKey } from '../../../shards/hash-key.ts'
import type { Field } from '../open-field.ts'
import { expectKnown } from './expect-known.ts'
import { findLookAlikes } from './find-look-alikes.ts'
import { findWrongMerges, type WrongMerge } from './find-wrong-merges.ts'
import { DEFAULT_MAP, IDENTITY_RELATIONS } from './gold.ts'
import { directed, type GoldPair, pairKey } from './gold-pairs.ts'
import type { Gold } from './read-gold.ts'
import { type ResolvedGold, resolveGold } from './resolve-gold.ts'
import { sameThing } from './same-thing.ts'
import { createSample } from './sample.ts'
import { scoreEdges } from './score-edges.ts'
import { scoreIdentity } from './score-identity.ts'
import { scoreType } from './score-relations.ts'
import { scoreTrees } from './score-trees.ts'
import { createShow, type Show } from './show-cases.ts'

export interface EvalOptions {
  /** Names of relations in the gold to types of the field; it stands before the default map. */
  readonly map: Readonly<Record<string, string>>
  /** Types that the field may have; a relation that is none of them is counted and not measured. */
  readonly relationTypes: readonly string[]
  /** Cases shown of each kind. */
  readonly sampleSize: number
}

/** One relation of the gold, and what became of its lines. */
export type GoldCount = Inferred<typeof goldCountSchema>

export type Evaluation = Inferred<typeof evaluationSchema>

/** What was right and wrong case by case, for a comparison with another field; keys as `pairKey` makes them. */
export interface Outcomes {
  readonly found: ReadonlyMap<string, GoldPair>
  readonly met: ReadonlyMap<string, GoldPair>
  readonly wronglyMerged: ReadonlyMap<string, WrongMerge>
}

export interface EvaluatedField {
  readonly evaluation: Evaluation
  readonly outcomes: Outcomes
  readonly show: Show
}

/** @throws RffError not_found where the corpus has no fact that the gold names */
export function evaluateField(
  field: Field,
  gold: Gold,
  options: EvalOptions,
  hashKey: HashKey,
): EvaluatedField {
  const reading = evaluating(field.db)
  expectKnown(gold, reading)
  const resolved = resolveGold(gold, reading.speakerFor)
  const show = createShow(field, options.sampleSize, hashKey)
  const typed = typedPairs(resolved.pairs, options)
  const types = [...typed].map(([relType, pairs]) => ({
    pairs,
    edges: scoreEdges(reading, relType, pairs),
    ...scoreType(reading, relType, pairs),
  }))
  const identities = identityScores(reading, resolved)
  const isOneThing = sameThing(resolved.pairs)
  const { counts, merges } = findWrongMerges(reading, resolved.pairs, isOneThing)
  const alike = createSample<WrongMerge>(options.sampleSize, hashKey)
  const lookAlikes = findLookAlikes(field, reading, isOneThing, (pair) => alike.offer(pairKey(pair), pair))
  const foundPairs = types.flatMap(({ pairs, found }) => pairs.filter((pair) => found.has(pairKey(pair))))
  return {
    show,
    outcomes: {
      found: keyed(foundPairs),
      met: keyed(identities.flatMap(({ met }) => met)),
      wronglyMerged: keyed(merges),
    },
    evaluation: {
      gold: goldCounts(resolved, options),
      types: types.map(({ score, edges, pairs, found, wrong }) => ({
        ...score,
        ...edges,
        samples: {
          missed: show.pairs(pairs.filter((pair) => !found.has(pairKey(pair)))),
          wrong: show.pairs(wrong),
        },
      })),
      identities: identities.map(({ score, apart }) => ({ ...score, samples: { apart: show.pairs(apart) } })),
      wrongMerges: { counts, samples: show.merges(merges) },
      lookAlikes: { ...lookAlikes, samples: show.merges(alike.taken()) },
      trees: scoreTrees(reading, resolved.trees),
    },
  }
}

const keyed = <T extends GoldPair>(pairs: readonly T[]): Map<string, T> =>
  new Map(pairs.map((pair) => [pairKey(pair), pair]))

function typeOf(relation: string, { map, relationTypes }: EvalOptions): string | null {
  if (Object.hasOwn(map, relation)) return map[relation]!
  const named = Object.hasOwn(DEFAULT_MAP, relation) ? DEFAULT_MAP[relation]! : relation
  return relationTypes.includes(named) ? named : null
}

/** Pairs by the type that they are measured as, ascending, each once: two relations can mean one type. */
function typedPairs(pairs: readonly GoldPair[], options: EvalOptions): Map<string, GoldPair[]> {
  const byType = new Map<string, Map<string, GoldPair>>()
  for (const { relation, src, dst } of pairs) {
    const relType = typeOf(relation, options)
    if (relType === null) continue
    const pair = directed(relType, src, dst)
    const known = byType.get(relType) ?? new Map<string, GoldPair>()
    byType.set(relType, known.set(pairKey(pair), pair))
  }
  return new Map([...byType.keys()].sort().map((relType) => [relType, [...byType.get(relType)!.values()]]))
}

function identityScores(reading: Evaluating, { pairs, inOneGroup }: ResolvedGold) {
  return [...IDENTITY_RELATIONS]
    .map((relation) => ({ relation, own: pairs.filter((pair) => pair.relation === relation) }))
    .filter(({ relation, own }) => own.length > 0 || inOneGroup.has(relation))
    .map(({ relation, own }) => scoreIdentity(reading, relation, own, inOneGroup.get(relation) ?? 0))
}

function goldCounts({ pairs, inOneGroup, unknown }: ResolvedGold, options: EvalOptions): GoldCount[] {
  const relations = new Set([
    ...pairs.map(({ relation }) => relation),
    ...inOneGroup.keys(),
    ...unknown.keys(),
  ])
  return [...relations].sort().map((relation) => ({
    relation,
    measuredAs: typeOf(relation, options),
    pairs: pairs.filter((pair) => pair.relation === relation).length,
    inOneGroup: inOneGroup.get(relation) ?? 0,
    unknown: unknown.get(relation) ?? 0,
  }))
}
