import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { NO_PROFILER, startProfiler } from '../../src/profile/profiler.ts'

test('work is counted by its pass, with what it returns and what it throws', () => {
  const profiler = startProfiler()
  expect(profiler.time('judge', () => 7)).toBe(7)
  profiler.time('judge', () => undefined)
  expect(() =>
    profiler.time('write', () => {
      throw new Error('disk is full')
    }),
  ).toThrow('disk is full')
  const counted = Object.fromEntries(profiler.end()!.passes.map(({ name, calls }) => [name, calls]))
  expect(counted).toEqual({ judge: 2, write: 1 })
})

test('a thread that only waits for answers is not busy, and says what it waited for', async () => {
  const profiler = startProfiler()
  await Promise.all([profiler.ask(() => sleep(300)), profiler.ask(() => sleep(200))])
  const { ms, busyMs, waitingForModelMs, waits } = profiler.end()!
  expect(busyMs).toBeLessThan(ms / 2)
  expect(waitingForModelMs).toBeGreaterThan(ms / 2)
  expect(waitingForModelMs).toBeLessThanOrEqual(ms)
  expect(waits).toMatchObject([{ name: 'answer', calls: 2 }])
})

test('what a request waits for that is no answer is not waiting for the model', async () => {
  const profiler = startProfiler()
  await profiler.wait('limit', () => sleep(100))
  const profile = profiler.end()!
  expect(profile.waitingForModelMs).toBe(0)
  expect(profile.waits).toMatchObject([{ name: 'limit', calls: 1 }])
})

test('an event loop that was held up was late', async () => {
  const profiler = startProfiler()
  await sleep(50)
  const end = performance.now() + 200
  while (performance.now() < end);
  await sleep(50)
  expect(profiler.end()!.eventLoopDelay.mostMs).toBeGreaterThan(100)
})

test('commits are counted with their sizes', () => {
  const profiler = startProfiler()
  for (const entries of [3, 10, 2]) profiler.committed(entries)
  expect(profiler.end()!.commits).toEqual({ commits: 3, entries: 15, most: 10 })
})

test('statements of a watched connection are measured', () => {
  const profiler = startProfiler()
  const db = new Database(':memory:')
  profiler.watch(db)
  db.prepare('SELECT 1').get()
  expect(profiler.end()!.statements).toMatchObject([{ name: 'SELECT 1', calls: 1 }])
})

test('without a profile the work is done all the same', async () => {
  expect(NO_PROFILER.time('judge', () => 1)).toBe(1)
  expect(await NO_PROFILER.ask(() => Promise.resolve(2))).toBe(2)
  expect(NO_PROFILER.end()).toBeNull()
})
