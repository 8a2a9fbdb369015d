/**
 * Writes down that workers work: each says so itself, the host passes it on to the control file once a second.
 *
 * A shard that waits for a thread, or for the others' end, is kept by whichever worker beats; one that a thread works on
 * by that thread alone, so that it is lost when that one hangs.
 */
import { isBusy } from '../../../db/is-busy.ts'
import type { Db } from '../../../db/open.ts'
import type { ClaimedShard } from './claim-shards.ts'

const WRITE_EVERY_MS = 1_000

export interface Heartbeats {
  /** The thread that works on the shard turns. @returns false once the shard's lease is known to be lost */
  beat(shardNo: number): boolean
  /** No thread works on the shard any more. */
  end(shardNo: number): void
}

/** @param claimed may grow */
export function heartbeats(control: Db, claimed: readonly ClaimedShard[]): Heartbeats {
  const beaten = new Set<number>()
  const working = new Set<number>()
  const lost = new Set<number>()
  let writtenAtMs = performance.now()

  const write = control.transaction(() => {
    for (const { meta, lease } of claimed) {
      const { shardNo } = meta
      if (lost.has(shardNo) || (working.has(shardNo) && !beaten.has(shardNo))) continue
      if (!lease.beat()) lost.add(shardNo)
    }
    beaten.clear()
  })
  /** While somebody locks the control file nobody is told, and nobody can take a lease either. */
  const writeUnlessBusy = (): void => {
    try {
      write.immediate()
    } catch (cause) {
      if (!isBusy(cause)) throw cause
    }
  }

  return {
    beat(shardNo) {
      working.add(shardNo)
      beaten.add(shardNo)
      if (performance.now() - writtenAtMs >= WRITE_EVERY_MS) {
        writtenAtMs = performance.now()
        writeUnlessBusy()
      }
      return !lost.has(shardNo)
    },
    end: (shardNo) => void working.delete(shardNo),
  }
}
