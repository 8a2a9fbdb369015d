/** How fast the work goes, from what was seen of it: two looks at the same shard some seconds apart. */
import type { ShardCensus } from '../../db/queries/shard-census.ts'

interface Look {
  readonly atMs: number
  readonly done: number
  readonly microUsd: number
  readonly doneOf: ReadonlyMap<number, number>
}

/** A rate is that of the last minute; a curve shows the last hour at most. */
const RATE_OVER_MS = 60_000
const LOOKS_MOST = 720
const LEAST_BETWEEN_MS = 950

export interface Rates {
  /** null where fewer than two looks tell, or where nothing moved. */
  readonly all: number | null
  readonly ofShard: ReadonlyMap<number, number>
}

export function progressBook() {
  const looks: Look[] = []
  return {
    note(atMs: number, shards: readonly { shardNo: number; census: ShardCensus | null }[]): void {
      const last = looks.at(-1)
      if (last !== undefined && atMs - last.atMs < LEAST_BETWEEN_MS) return
      const known = shards.flatMap(({ shardNo, census }) => (census === null ? [] : [{ shardNo, census }]))
      looks.push({
        atMs,
        done: known.reduce((sum, { census }) => sum + census.ok + census.quarantined, 0),
        microUsd: known.reduce((sum, { census }) => sum + census.microUsd, 0),
        doneOf: new Map(known.map(({ shardNo, census }) => [shardNo, census.ok + census.quarantined])),
      })
      if (looks.length > LOOKS_MOST) looks.shift()
    },
    rates(): Rates {
      const last = looks.at(-1)
      const first = looks.find(({ atMs }) => last !== undefined && last.atMs - atMs <= RATE_OVER_MS)
      if (last === undefined || first === undefined || first === last)
        return { all: null, ofShard: new Map() }
      const seconds = (last.atMs - first.atMs) / 1_000
      const rate = (now: number, then: number): number => (now - then) / seconds
      const ofShard = [...last.doneOf].flatMap(([shardNo, done]): [number, number][] => {
        const before = first.doneOf.get(shardNo)
        return before === undefined || done <= before ? [] : [[shardNo, rate(done, before)]]
      })
      const all = rate(last.done, first.done)
      return { all: all > 0 ? all : null, ofShard: new Map(ofShard) }
    },
    history: () => looks.map(({ atMs, done, microUsd }) => ({ atMs, done, microUsd })),
  }
}
export type ProgressBook = ReturnType<typeof progressBook>
