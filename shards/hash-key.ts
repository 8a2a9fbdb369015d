/**
 * The key of a fact: where in the 64-bit space it lies, and so which shard holds it.
 *
 * xxh64 of the id's UTF-8, stored as a signed integer with the top bit flipped, so that SQL's signed order is the
 * order of the unsigned hashes and a range of hashes is a range of rows.
 */
import xxhash from 'xxhash-wasm'

/** @returns -2^63 … 2^63 - 1 */
export type HashKey = (factId: string) => bigint

let loading: Promise<HashKey> | undefined

/** Compiles the hash once a thread; every later call gets the same function. */
export function loadHashKey(): Promise<HashKey> {
  loading ??= xxhash().then(
    ({ h64 }) =>
      (factId) =>
        toKey(h64(factId)),
  )
  return loading
}

// Flipping the top bit and reading the rest as signed is one subtraction.
const TOP_BIT = 2n ** 63n

/** @param hash unsigned, 0 … 2^64 - 1 */
export const toKey = (hash: bigint): bigint => hash - TOP_BIT
