/** Every state that a power cut may leave behind, of a recording: at each sync, and between two of them. */
import { Disk, type Image } from './disk.ts'
import type { DiskEvent } from './read-log.ts'

export interface Cut {
  /** Syncs that were done. */
  readonly syncs: number
  /** Events that were done. */
  readonly events: number
  /** What had not been synced is gone; or some of it is there. */
  readonly kind: 'dropped' | 'torn'
  readonly image: Image
}

interface CutOptions {
  /** Torn states before each sync, where most is pending. */
  readonly tornPerSync: number
  readonly random: () => number
  /** Called for everything that left through a socket, with the disk as it was then. */
  readonly onMessage?: (disk: Disk, text: string) => void
}

export function* powerCuts(
  before: Image,
  events: readonly DiskEvent[],
  { tornPerSync, random, onMessage = () => undefined }: CutOptions,
): Generator<Cut> {
  const disk = new Disk(before)
  let syncs = 0
  for (const [at, event] of events.entries()) {
    if (event.kind === 'message') onMessage(disk, event.data.toString('latin1'))
    if (event.kind === 'sync')
      for (let n = 0; n < tornPerSync; n += 1)
        yield { syncs, events: at, kind: 'torn', image: disk.torn(random) }
    disk.apply(event)
    if (event.kind !== 'sync') continue
    syncs += 1
    yield { syncs, events: at + 1, kind: 'dropped', image: disk.kept() }
  }
}

/** The disk after the last event. */
export function diskAfter(before: Image, events: readonly DiskEvent[]): Disk {
  const disk = new Disk(before)
  for (const event of events) disk.apply(event)
  return disk
}
