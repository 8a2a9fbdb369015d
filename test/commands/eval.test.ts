/** `eval`, called as the command line calls it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CommandOptions } from '../../src/commands/command.ts'
import { evalCommand } from '../../src/commands/eval.ts'
import { ALGEBRA_TAG, makeAlgebraWorkspace, mergeAlgebra, STRUCTURES } from '../field/eval/algebra-field.ts'
import { fakeContext } from '../support/fake-context.ts'

const GOLD = [
  { src: 'ring-2', relation: 'refines', dst: 'ring-1' },
  { src: 'field-1', relation: 'refines', dst: 'ring-1' },
  { src: 'lost-1', relation: 'refines', dst: 'ring-1' },
  { src: 'ring-1', relation: 'refines', dst: 'prime-1' },
  { src: 'prime-2', relation: 'opposite_of', dst: 'prime-1' },
  { leaves: ['ring-1', 'ring-2'], distractors: ['prime-1'] },
]

async function setup(structures = STRUCTURES) {
  const world = await makeAlgebraWorkspace(structures)
  const gold = join(world.workspace.dir, 'gold.jsonl')
  writeFileSync(gold, `${GOLD.map((row) => JSON.stringify(row)).join('\n')}\n`)
  const call = async (options: CommandOptions, wantsJson = false) => {
    const { context, printed } = fakeContext(world.workspace.dir, { wantsJson })
    const exitCode = await evalCommand.run([], options, context)
    return { exitCode, printed: printed.join('\n') }
  }
  return { world, gold, call }
}

test('a table has precision, recall and F1 of each type, and a sample tells what was merged wrongly', async () => {
  const { gold, call } = await setup()
  const { exitCode, printed } = await call({ gold: [gold] })
  expect(exitCode).toBe(0)
  expect(printed).toMatch(/refines\s+4\s+2\s+3\s+3\s+2\s+0\s+66\.7 %\s+100\.0 %\s+50\.0 %\s+57\.1 %/)
  expect(printed).toMatch(/opposite_of\s+1\s+1\s+100\.0 %\s+cluster 1/)
  expect(printed).toContain('both are Prime, by cluster')
  expect(printed).toContain('a leaf and a distractor')
})

test('gold about other facts is refused with how many ids it names and one of both sides', async () => {
  const { world, call } = await setup()
  const gold = join(world.workspace.dir, 'other.jsonl')
  writeFileSync(
    gold,
    '{"src": "wt-1", "relation": "refines", "dst": "wt-2"}\n{"leaves": ["wt-2"], "distractors": ["wt-3"]}\n',
  )
  await expect(call({ gold: [gold] })).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringMatching(
      /^none of the 3 fact ids of the gold is in the corpus: the gold has "wt-1", the corpus "\w+-\d"$/,
    ),
  })
})

test('without gold the look-alikes are still counted', async () => {
  const { call } = await setup()
  const { printed } = await call({})
  expect(printed).toMatch(/pairs\s+2\s+2\s/)
  expect(printed).not.toContain('precision')
})

test('two fields stand beside each other, with what only one of them has', async () => {
  const { 'field-1': later, ...first } = STRUCTURES
  const { world, gold, call } = await setup(first)
  world.accept('field-1', later!)
  await mergeAlgebra(world, '2026-01-03T04:05:06Z')
  const options = { gold: [gold], against: ALGEBRA_TAG }
  const { fields, comparison } = JSON.parse((await call(options, true)).printed)
  expect(fields.map(({ fieldTag }: { fieldTag: string }) => fieldTag)).toEqual([
    '20260103_040506',
    ALGEBRA_TAG,
  ])
  expect(comparison.found).toMatchObject({ here: { count: 1 }, there: { count: 0 } })
  const { printed } = await call(options)
  expect(printed).toContain('found only by 20260103_040506: 1')
  expect(printed).toContain(`found only by ${ALGEBRA_TAG}: none`)
})

test('gold that is no gold is refused with its line', async () => {
  const { gold, call } = await setup()
  writeFileSync(gold, '{"a":1}\n')
  await expect(call({ gold: [gold] })).rejects.toMatchObject({ code: 'input_unreadable' })
})

test('neighbours are counted by relation, in either direction and each way, whatever field is measured', async () => {
  const { gold, call } = await setup()
  const of = async (neighbours: string) =>
    JSON.parse((await call({ gold: [gold], neighbours }, true)).printed).neighbours
  const nearest = await of('1')
  expect(nearest.facts).toBe(13)
  // The two are the same but for one word; a ring and a prime share nothing that is rare.
  expect(nearest.relations).toContainEqual({
    relation: 'opposite_of',
    pairs: 1,
    found: 1,
    recall: 1,
    directedRecall: 1,
  })
  const refines = ({ relations }: { relations: { relation: string; pairs: number; found: number }[] }) =>
    relations.find(({ relation }) => relation === 'refines')!
  expect(refines(nearest).pairs).toBe(4)
  expect(refines(nearest).found).toBeLessThan(refines(await of('8')).found)
  const { printed } = await call({ gold: [gold], neighbours: '1' })
  expect(printed).toMatch(/among the 1 nearest of 13 facts/)
  expect(printed).toMatch(/opposite_of\s+1\s+1\s+100\.0 %\s+100\.0 %/)
})

test('without pairs there is nothing whose neighbours could be counted', async () => {
  const { call } = await setup()
  await expect(call({ neighbours: '5' })).rejects.toMatchObject({ code: 'usage' })
})
