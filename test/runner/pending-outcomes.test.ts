import { expect, test } from 'vitest'
import { pendingOutcomes } from '../../src/runner/pending-outcomes.ts'

/** Whether it is settled once everything that could happen without the outside has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const turn = new Promise((resolve) => setImmediate(resolve, 'turn'))
  return (await Promise.race([promise.catch(() => 'failed'), turn])) !== 'turn'
}

function held(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

test('nobody waits for an outcome while there is room, and the end waits for all', async () => {
  const { promise, resolve } = held()
  const outcomes = pendingOutcomes(2)
  await outcomes.add(promise)
  const end = outcomes.allWritten()
  expect(await isSettled(end)).toBe(false)
  resolve()
  await end
})

test('where there is no room, it waits', async () => {
  const [first, second] = [held(), held()]
  const outcomes = pendingOutcomes(1)
  await outcomes.add(first.promise)
  const added = outcomes.add(second.promise)
  expect(await isSettled(added)).toBe(false)
  second.resolve()
  await added
})

test('an outcome that could not be written is told at the end, however long before it failed', async () => {
  const outcomes = pendingOutcomes(2)
  await outcomes.add(Promise.reject(new Error('disk is full')))
  await new Promise((resolve) => setImmediate(resolve))
  await expect(outcomes.allWritten()).rejects.toThrow('disk is full')
})
