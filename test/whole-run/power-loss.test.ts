/**
 * The power goes in a run: what had been acknowledged, by asking the server for more, is there, and it goes on to the same
 * field. How the states are made stands in test/support/disk.
 */
import { describe, expect, onTestFinished, test } from 'vitest'
import { cliJson } from '../support/cli.ts'
import { fieldDigest, useServer, type World } from '../support/demo-world.ts'
import type { Disk, Image } from '../support/disk/disk.ts'
import { powerCuts } from '../support/disk/power-cuts.ts'
import {
  auditDeeply,
  cutEverywhere,
  LIMIT_MS,
  notKept,
  plannedPlace,
  record,
  type Trial,
  tell,
} from '../support/disk/power-trial.ts'
import type { DiskEvent } from '../support/disk/read-log.ts'
import { shardRows } from '../support/disk/shard-rows.ts'
import { canPreload } from '../support/preload/preload.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const lost = (acknowledged: ReadonlySet<string>, image: Image): string[] => {
  const rows = shardRows(image)
  return [...acknowledged].filter((row) => !rows.has(row)).map((row) => `lost ${row.slice(0, 60)}`)
}

const worldOf = (dir: string): World => ({ dir }) as World

describe.skipIf(!canPreload)('the power goes', () => {
  /** A run against a server; the server stays up for who goes on. */
  async function recordRun() {
    // Some answers have to be repaired, some requests repeated; none of it changes the field.
    const script = [{ fault: 'off_schema' as const, requests: [2, 5] }]
    const server = await startSimServer({ seed: 7, faults: { server_error: 0.05 }, script })
    onTestFinished(() => server.close())
    const place = await plannedPlace()
    useServer(worldOf(place.dir), server.url, 'threads = 1\ninFlight = 4\n')
    return { ...(await record(place, ['run'])), place, billed: server.stats().billed }
  }

  /** All that a run has acknowledged when it asks for more, and whether it was safe by then. */
  function watchRequests(acknowledged: Set<string>, early: string[]) {
    return (disk: Disk, text: string): void => {
      if (!text.startsWith('POST /v1/chat/completions')) return
      for (const row of shardRows(disk.live())) acknowledged.add(row)
      early.push(...lost(acknowledged, disk.kept()))
    }
  }

  /** What the watch finds in a recording whose shards never synced their WAL. */
  function lostUnsynced({ before, events }: Pick<Trial, 'before' | 'events'>): string[] {
    const isKept = ({ kind, path }: DiskEvent) => kind !== 'sync' || !/shards\/\d+\.sqlite-wal$/.test(path)
    const early: string[] = []
    const onMessage = watchRequests(new Set(), early)
    for (const _ of powerCuts(before, events.filter(isKept), { tornPerSync: 0, random: () => 0, onMessage }));
    return early
  }

  test(
    'in a run: what was acknowledged is there, nothing is broken, and it goes on to the same field',
    async () => {
      const { place, before, events, billed } = await recordRun()
      expect(notKept(before, events)).toEqual([])
      await cliJson(place.dir, ['merge'])
      const undisturbed = fieldDigest(worldOf(place.dir))
      const acknowledged = new Set<string>()
      const early: string[] = []
      const found = await cutEverywhere({
        before,
        events,
        onMessage: watchRequests(acknowledged, early),
        judge: async (dir, { image }) => [...lost(acknowledged, image), ...(await auditDeeply(dir))],
        async resume(dir) {
          const run = await cliJson<{ isClosed: boolean; todo: number }>(dir, ['run'])
          await cliJson(dir, ['merge'])
          const digest = fieldDigest(worldOf(dir))
          return run.isClosed && digest === undisturbed
            ? []
            : [`ran on to ${digest}, expected ${undisturbed}`]
        },
      })
      tell('run', found)
      expect({ early, faults: found.faults }).toEqual({ early: [], faults: [] })
      // Every request that was billed was meant in the books before it left, and every one but the last few was seen to be.
      const meant = [...acknowledged].filter((row) => row.startsWith('intent ')).length
      expect(meant).toBeGreaterThan(billed / 2)
      expect([found.dropped > 30, found.resumed > 0]).toEqual([true, true])
      // Were the log not synced, the same watch would have seen it.
      expect(lostUnsynced({ before, events }).map((row) => row.split(' ')[1])).toEqual(
        expect.arrayContaining(['intent', 'answer']),
      )
    },
    LIMIT_MS,
  )
})
