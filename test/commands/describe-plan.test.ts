import { expect, test } from 'vitest'
import { describePlan } from '../../src/commands/plan.ts'

const LINES = {
  planNo: 1,
  lines: 0,
  added: 0,
  changed: 0,
  removed: 0,
  known: 0,
  repeated: 0,
  filtered: 0,
  refused: 0,
  replaced: 0,
  inputs: [],
}

const nextOf = (
  intake: { lines?: number; added?: number; filtered?: number; refused?: number } | null,
  written = 0,
  unchanged = 0,
): string | undefined =>
  describePlan(
    {
      planNo: 1,
      intake: intake === null ? null : { ...LINES, ...intake },
      released: 0,
      expand: null,
      shards: { count: 1, written, unchanged, retired: 0 },
    },
    1_000,
  )
    .split('\n')
    .at(-1)

test.each([
  ['of an empty file', {}, /^next: the input holds no facts; plan a file with lines such as \{"text": /],
  ['of lines that are no facts', { lines: 3, refused: 3 }, /^next: no line is a fact; .*--map text=COLUMN$/],
  ['of other domains', { lines: 3, filtered: 3 }, /^next: no line is of the domains that --domain names/],
  ['of no file', null, /^next: there is nothing to run; take facts in with rff-shard plan FILE$/],
] as const)('a plan %s does not lead to a run but to facts', (_, intake, told) => {
  expect(nextOf(intake)).toMatch(told)
})

test('a plan that took in nothing new leads to the run of what is planned already', () => {
  expect(nextOf({}, 0, 4)).toBe('next: rff-shard run')
  expect(nextOf({ lines: 2, added: 2 }, 2)).toBe('next: rff-shard run')
})
