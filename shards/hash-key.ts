/**
 * The key of a fact: where in the 64-bit space it lies, and so which shard holds it.
 *
 * xxh64 of the id's UTF-8, stored as a signed integer with the top bit flipped, so that SQL's signed order is the
 * order of the unsigned hashes and a range of hashes is a range of rows.
 */
import xxhash from 'xxhash-wasm'

/** @returns -2^63 … 2^63 - 1 */
export type HashKey = (factId: string) => bigint

/** The same of an id that is UTF-8 already. */
export type HashBytes = (factId: Uint8Array) => bigint

let loading: ReturnType<typeof xxhash> | undefined

/** Compiles the hash once a thread. */
function load(): ReturnType<typeof xxhash> {
  loading ??= xxhash()
  return loading
}

export async function loadHashKey(): Promise<HashKey> {
  const { h64 } = await load()
  return (factId) => toKey(h64(factId))
}

export async function loadHashBytes(): Promise<HashBytes> {
  const { h64Raw } = await load()
  return (factId) => toKey(h64Raw(factId))
}

// Flipping the top bit and reading the rest as signed is one subtraction.
const TOP_BIT = 2n ** 63n

/** @param hash unsigned, 0 … 2^64 - 1 */
export const toKey = (hash: bigint): bigint => hash - TOP_BIT
