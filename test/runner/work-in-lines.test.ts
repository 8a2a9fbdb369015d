import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type SteeringWheel, steeringWheel } from '../../src/runner/steering-wheel.ts'
import { workInLines } from '../../src/runner/work-in-lines.ts'

/** Pieces that are done when the test says so. */
function setup({
  pieces,
  inFlight = 2,
  isPaused = false,
}: {
  pieces: number
  inFlight?: number
  isPaused?: boolean
}) {
  const wheel: SteeringWheel = steeringWheel({ isPaused, inFlight })
  const draining = new AbortController()
  const open: (() => void)[] = []
  let left = pieces
  const takeOne = (): Promise<boolean> => {
    if (left === 0) return Promise.resolve(false)
    left -= 1
    return new Promise((resolve) => open.push(() => resolve(true)))
  }
  const work = workInLines({ wheel, drain: draining.signal, takeOne })
  let isOver = false
  void work.then(
    () => {
      isOver = true
    },
    () => {
      isOver = true
    },
  )
  return {
    wheel,
    draining,
    work,
    taken: () => pieces - left,
    isOver: () => isOver,
    /** Ends so many pieces that are open, oldest first, and lets what follows from it happen. */
    async finish(count: number) {
      for (const end of open.splice(0, count)) end()
      await turnOfLoop()
    },
  }
}

test('as many pieces are open as the wheel says, until none is left', async () => {
  const { taken, finish, isOver, work } = setup({ pieces: 3 })
  expect(taken()).toBe(2)
  await finish(1)
  expect(taken()).toBe(3)
  expect(isOver()).toBe(false)
  await finish(2)
  await work
})

test('paused, what is open is finished and nothing new is taken; then it goes on', async () => {
  const { wheel, taken, finish, isOver, work } = setup({ pieces: 5 })
  wheel.turn({ isPaused: true, inFlight: 2 })
  await finish(2)
  expect(taken()).toBe(2)
  expect(isOver()).toBe(false)
  wheel.turn({ isPaused: false, inFlight: 2 })
  await turnOfLoop()
  expect(taken()).toBe(4)
  await finish(2)
  await finish(1)
  await work
})

test('who begins paused takes nothing, and ends when it is drained', async () => {
  const { draining, taken, work } = setup({ pieces: 5, isPaused: true })
  await turnOfLoop()
  expect(taken()).toBe(0)
  draining.abort()
  await work
  expect(taken()).toBe(0)
})

test('what was drained before it began takes nothing and ends at once', async () => {
  const draining = new AbortController()
  draining.abort()
  let taken = 0
  await workInLines({
    wheel: steeringWheel({ isPaused: false, inFlight: 2 }),
    drain: draining.signal,
    takeOne() {
      taken += 1
      return Promise.resolve(true)
    },
  })
  expect(taken).toBe(0)
})

test('more lines begin at once, fewer as pieces end', async () => {
  const { wheel, taken, finish, work, draining } = setup({ pieces: 100 })
  wheel.turn({ isPaused: false, inFlight: 5 })
  expect(taken()).toBe(5)
  wheel.turn({ isPaused: false, inFlight: 1 })
  await finish(4)
  expect(taken()).toBe(5)
  await finish(1)
  expect(taken()).toBe(6)
  draining.abort()
  await finish(1)
  await work
})

test('a line that breaks is told once the others have come to their end', async () => {
  const wheel = steeringWheel({ isPaused: false, inFlight: 2 })
  let taken = 0
  let end = (): void => undefined
  const work = workInLines({
    wheel,
    drain: new AbortController().signal,
    takeOne() {
      taken += 1
      if (taken === 1) return Promise.reject(new Error('the disk is gone'))
      return taken > 2 ? Promise.resolve(false) : new Promise((resolve) => (end = () => resolve(true)))
    },
  })
  const told = expect(work).rejects.toThrow('the disk is gone')
  await turnOfLoop()
  end()
  await told
})
