/** Two facts in a relation of the gold, and one way to write them. */
import { isSymmetric } from './gold.ts'

export interface GoldPair {
  readonly relation: string
  /** Facts that speak for those of the gold; ascending where the relation has no direction. */
  readonly src: string
  readonly dst: string
}

/** No text of a corpus holds a NUL, so no two pairs share a key. */
export const pairKey = ({ relation, src, dst }: GoldPair): string => `${relation}\0${src}\0${dst}`

export const directed = (relation: string, src: string, dst: string): GoldPair =>
  isSymmetric(relation) && dst < src ? { relation, src: dst, dst: src } : { relation, src, dst }
