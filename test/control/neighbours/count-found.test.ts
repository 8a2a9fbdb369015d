import { expect, test } from 'vitest'
import { countFound } from '../../../src/control/neighbours/count-found.ts'

test('a pair is found once, however many of its two directions find', () => {
  const nearest = [[1], [0, 2], [], [2]]
  expect(
    countFound(
      [
        [0, 1],
        [1, 2],
        [0, 3],
      ],
      (rank) => nearest[rank]!,
    ),
  ).toEqual({ pairs: 3, found: 2, foundDirections: 3 })
})
