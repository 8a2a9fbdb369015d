import { expect, test } from 'vitest'
import { job } from '../../src/library/job.ts'

test('progress comes in order, then the walk ends and the result is there', async () => {
  const work = job<number, string>(async (tell) => {
    for (const n of [1, 2, 3]) {
      tell(n)
      await Promise.resolve()
    }
    return 'done'
  })
  const seen: number[] = []
  for await (const n of work) seen.push(n)
  expect(seen).toEqual([1, 2, 3])
  expect(await work).toBe('done')
})

test('who comes late sees the newest, and memory does not grow with what nobody looks at', async () => {
  const work = job<number, null>(async (tell) => {
    for (let n = 1; n <= 10_000; n += 1) tell(n)
    return null
  })
  await work
  const seen: number[] = []
  for await (const n of work) seen.push(n)
  expect(seen).toHaveLength(256)
  expect(seen.at(-1)).toBe(10_000)
})

test('a walk that is left early does not stop the work', async () => {
  const work = job<number, string>(async (tell) => {
    tell(1)
    await Promise.resolve()
    tell(2)
    return 'done'
  })
  for await (const _ of work) break
  expect(await work).toBe('done')
})
