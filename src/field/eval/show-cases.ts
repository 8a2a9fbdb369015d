/** Ids become what a person can read, for the few cases of each kind that are shown. */
import { corpusTexts } from '../../../db/queries/corpus-texts.ts'
import type { Inferred } from '../../../schemas/inferred.ts'
import type { shownFactSchema, shownMergeSchema, shownPairSchema } from '../../../schemas/output/eval.ts'
import type { HashKey } from '../../../shards/hash-key.ts'
import type { Field } from '../open-field.ts'
import type { WrongMerge } from './find-wrong-merges.ts'
import { type GoldPair, pairKey } from './gold-pairs.ts'
import { createSample } from './sample.ts'

export type ShownFact = Inferred<typeof shownFactSchema>

export type ShownPair = Inferred<typeof shownPairSchema>

export type ShownMerge = Inferred<typeof shownMergeSchema>

export type Show = ReturnType<typeof createShow>

/** @param sampleSize of each kind, those whose key has the smallest hash */
export function createShow({ db, reading }: Field, sampleSize: number, hashKey: HashKey) {
  const { of: textOf } = corpusTexts(db, 'corpus')
  const fact = (factId: string): ShownFact => ({ factId, text: textOf(factId) ?? '' })
  const pair = ({ relation, src, dst }: GoldPair): ShownPair => ({ relation, src: fact(src), dst: fact(dst) })
  const merge = (one: WrongMerge): ShownMerge => ({
    ...pair(one),
    conceptId: one.conceptId,
    conceptName: reading.concept(one.conceptId)?.name ?? '',
    by: one.by,
    via: one.via,
  })
  const some = <T extends GoldPair, Shown>(all: Iterable<T>, shown: (one: T) => Shown): Shown[] => {
    const sample = createSample<T>(sampleSize, hashKey)
    for (const one of all) sample.offer(pairKey(one), one)
    return sample.taken().map(shown)
  }
  return {
    pairs: (all: Iterable<GoldPair>): ShownPair[] => some(all, pair),
    merges: (all: Iterable<WrongMerge>): ShownMerge[] => some(all, merge),
  }
}
