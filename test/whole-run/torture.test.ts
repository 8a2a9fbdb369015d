/** Twenty kills for everybody's machine; `npm run torture -- --kills 1000` is for whoever wants to know. */
import { expect, test } from 'vitest'
import { torture } from '../torture/torture.ts'

test('twenty kills at random moments lose nothing, finish nothing twice, and give the undisturbed field', async () => {
  const tally = await torture({ kills: 20, killsPerWorld: 4, seed: 2026, facts: 120 })
  expect(tally.faults()).toEqual([])
  const { lost, finishedTwice, askedTwice, unknown, worlds, sameDigest } = tally.totals()
  expect({ lost, finishedTwice }).toEqual({ lost: 0, finishedTwice: 0 })
  expect(askedTwice).toBeLessThanOrEqual(unknown)
  expect(sameDigest).toBe(worlds)
}, 480_000)
