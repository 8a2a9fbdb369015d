import { describe, expect, test } from 'vitest'
import { medianOf, race, ratioOf, spreadOf } from '../../bench/support/race.ts'

describe('race', () => {
  test('contenders take turns round by round', async () => {
    const turns: string[] = []
    const contender = (name: string) => ({
      name,
      turn: async (round: number) => {
        turns.push(`${name}${round}`)
        return {}
      },
    })
    await race([contender('a'), contender('b')], 2, () => undefined)
    expect(turns).toEqual(['a0', 'b0', 'a1', 'b1'])
  })

  test('a row has the median and the range of each figure, and null where no go had it', async () => {
    const values = [5, 1, 9]
    const turn = async (round: number) => ({ 'wall s': values[round]!, 'peak MB': null })
    const [row] = await race([{ name: 'a', turn }], 3, () => undefined)
    expect(row!.cells).toEqual({ 'wall s': { median: 5, least: 1, most: 9, rounds: 3 }, 'peak MB': null })
  })
})

test('the median of an even number of goes lies between the middle two', () => {
  expect(spreadOf([4, 1, 3, 10])!.median).toBe(3.5)
})

test('a ratio is of medians, and null where one side has none', () => {
  const row = (value: number | null) => ({
    name: '',
    cells: { x: value === null ? null : spreadOf([value]) },
  })
  expect(ratioOf(row(6), row(3), 'x')).toBe(2)
  expect(ratioOf(row(6), row(null), 'x')).toBeNull()
  expect(ratioOf(row(6), undefined, 'x')).toBeNull()
  expect(medianOf({ name: '', cells: { x: 'words' } }, 'x')).toBeNull()
})
