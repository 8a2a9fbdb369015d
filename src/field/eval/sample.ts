/** A few of many, the same few whoever asks: those whose key has the smallest hash. */
import type { HashKey } from '../../../shards/hash-key.ts'

export interface Sample<T> {
  offer(key: string, value: T): void
  /** Ascending by hash. */
  taken(): T[]
}

export function createSample<T>(size: number, hashKey: HashKey): Sample<T> {
  const kept: { hash: bigint; key: string; value: T }[] = []
  return {
    offer(key, value) {
      if (size === 0) return
      const hash = hashKey(key)
      if (kept.length === size && !stands(hash, key, kept.at(-1)!)) return
      const at = kept.findIndex((other) => stands(hash, key, other))
      kept.splice(at < 0 ? kept.length : at, 0, { hash, key, value })
      kept.length = Math.min(kept.length, size)
    },
    taken: () => kept.map(({ value }) => value),
  }
}

/** Before the other; equal hashes are told apart by key. */
const stands = (hash: bigint, key: string, other: { hash: bigint; key: string }): boolean =>
  hash < other.hash || (hash === other.hash && key < other.key)
