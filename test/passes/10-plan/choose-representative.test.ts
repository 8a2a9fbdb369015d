import { expect, test } from 'vitest'
import { chooseRepresentative, type GroupFact } from '../../../src/passes/10-plan/choose-representative.ts'

const uncovered = (factNo: number): GroupFact => ({ factNo, role: null, representativeFactNo: null })
const following = (factNo: number, representativeFactNo: number): GroupFact => ({
  factNo,
  role: 'duplicate',
  representativeFactNo,
})

test('the first fact speaks for a group that nothing covers', () => {
  expect(chooseRepresentative([uncovered(3), uncovered(1)])).toEqual({
    representativeFactNo: 3,
    isReleased: false,
    followerFactNos: [1],
  })
})

test.each(['seed', 'member', 'unselected'] as const)(
  'a covered %s goes on speaking for its group',
  (role) => {
    const facts = [uncovered(3), { factNo: 1, role, representativeFactNo: null }]
    expect(chooseRepresentative(facts)).toMatchObject({ representativeFactNo: 1, followerFactNos: [3] })
  },
)

test('a follower whose representative is gone becomes one and is covered itself', () => {
  expect(chooseRepresentative([following(2, 9), following(3, 9)])).toEqual({
    representativeFactNo: 2,
    isReleased: true,
    followerFactNos: [3],
  })
})

test('choosing again moves nothing', () => {
  expect(chooseRepresentative([uncovered(3), following(1, 3)]).followerFactNos).toEqual([])
})
