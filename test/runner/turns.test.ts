import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { turnsOf } from '../../src/runner/turns.ts'

test('pieces of work share a turn for 50 ms, and the others have theirs in later ones', async () => {
  let nowMs = 0
  let turn = 0
  const isLongTurn = turnsOf(() => nowMs)
  const done: number[] = []
  const work = async (): Promise<void> => {
    while (isLongTurn()) await nextTurn()
    nowMs += 20
    done.push(turn)
  }
  // Begun before the work, so it counts each turn before anybody works in it.
  setImmediate(function count() {
    turn += 1
    if (done.length < 7) setImmediate(count)
  })
  await Promise.all(Array.from({ length: 7 }, work))
  const perTurn = [...new Set(done)].map((one) => done.filter((each) => each === one).length)
  expect(perTurn).toEqual([3, 3, 1])
})

test('however late a turn begins, its time is counted from there', async () => {
  let nowMs = 0
  const isLongTurn = turnsOf(() => nowMs)
  expect(isLongTurn()).toBe(false)
  await nextTurn()
  nowMs += 1_000
  expect(isLongTurn()).toBe(false)
})
