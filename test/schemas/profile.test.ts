import { expect, test } from 'vitest'
import { type Profile, sumProfiles } from '../../schemas/profile.ts'

const profileOf = (ms: number, mostMs: number, statements: Profile['statements']): Profile => ({
  parts: 1,
  ms,
  busyMs: ms / 2,
  waitingForModelMs: ms / 4,
  passes: [],
  statements,
  waits: [],
  commits: { commits: 1, entries: ms, most: ms },
  eventLoopDelay: { p50Ms: 0, p99Ms: 1, mostMs },
})

test('times and sizes add up, and the largest stands first', () => {
  const sum = sumProfiles([
    profileOf(100, 5, [
      { name: 'a', calls: 1, ms: 10 },
      { name: 'b', calls: 2, ms: 8 },
    ]),
    profileOf(40, 9, [{ name: 'b', calls: 3, ms: 4 }]),
  ])
  expect(sum).toEqual({
    ...profileOf(140, 9, [
      { name: 'b', calls: 5, ms: 12 },
      { name: 'a', calls: 1, ms: 10 },
    ]),
    parts: 2,
    commits: { commits: 2, entries: 140, most: 100 },
  })
})

test('parts in another order give the same sum', () => {
  const parts = [
    profileOf(1, 1, [{ name: 'a', calls: 1, ms: 2 }]),
    profileOf(2, 2, [{ name: 'b', calls: 1, ms: 2 }]),
  ]
  expect(sumProfiles(parts)).toEqual(sumProfiles(parts.toReversed()))
})

test('nothing measured is no profile', () => {
  expect(sumProfiles([])).toBeNull()
})
