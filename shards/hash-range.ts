/**
 * The 64-bit key space, cut into the ranges of shards.
 *
 * Keys are signed 64-bit integers, as SQLite stores them: the unsigned hash with its top bit flipped, so that the
 * order of signed integers is the order of the hashes. They are BigInt everywhere in JavaScript.
 */
import { RffError } from '../schemas/failure.ts'

export interface KeyRange {
  /** Inclusive at both ends, so that the last range fits a signed integer. */
  readonly first: bigint
  readonly last: bigint
}

const KEY_MIN = -(2n ** 63n)
const KEY_COUNT = 2n ** 64n
const MAX_SHARDS = 8192

/**
 * Cuts the key space into `count` adjoining ranges, ascending; their widths differ by at most one key.
 *
 * @param count shards, integer, 1 to 8192
 * @throws RffError plan_bad_count
 */
export function cutKeySpace(count: number): KeyRange[] {
  if (!Number.isInteger(count) || count < 1 || count > MAX_SHARDS) {
    throw new RffError('plan_bad_count', `${count} shards asked for, expected 1 to ${MAX_SHARDS}`)
  }
  const startOf = (index: number): bigint => KEY_MIN + (KEY_COUNT * BigInt(index)) / BigInt(count)
  return Array.from({ length: count }, (_, index) => ({
    first: startOf(index),
    last: startOf(index + 1) - 1n,
  }))
}

export const holds = (range: KeyRange, key: bigint): boolean => key >= range.first && key <= range.last

/**
 * Halves a range without touching any other.
 *
 * @throws RffError plan_bad_count where the range has one key only
 */
export function halve({ first, last }: KeyRange): [KeyRange, KeyRange] {
  if (first >= last)
    throw new RffError('plan_bad_count', `the range ${first}..${last} has one key and cannot be split`)
  const middle = first + (last - first) / 2n
  return [
    { first, last: middle },
    { first: middle + 1n, last },
  ]
}

/** @param ranges ascending and adjoining, as cutKeySpace and halve leave them */
export function rangeOf(ranges: readonly KeyRange[], key: bigint): number {
  let low = 0
  let high = ranges.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (ranges[middle]!.first <= key) low = middle
    else high = middle - 1
  }
  return low
}
