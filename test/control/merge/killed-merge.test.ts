import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openDb } from '../../../db/open.ts'
import { filesOf, readManifest } from '../../../src/control/merge/field-files.ts'
import { mergeField } from '../../../src/control/merge/merge.ts'
import { MERGE_STEPS } from '../../../src/control/merge/merge-place.ts'
import { MERGED, readPointer, swapPointer } from '../../../src/control/merge/pointers.ts'
import { digestField } from '../../../src/passes/70-g-merge/stage.ts'
import { type MergeWorld, makeWorld, optionsOf, settingsOf } from './merge-world.ts'

const CHILD = fileURLToPath(new URL('./merge-and-die.ts', import.meta.url))

const killedAt = (world: MergeWorld, step: string): NodeJS.Signals | null =>
  spawnSync(process.execPath, ['--import', 'tsx', CHILD, world.dir, step, '1'], { stdio: 'inherit' }).signal

/** The field that MERGED names is whole: its manifest is there and its rows have the digest that it says. */
function expectWhole({ place }: MergeWorld): string {
  const fieldTag = readPointer(place.currentDir, MERGED)!
  const files = filesOf(place.fieldDir, fieldTag)
  const db = openDb(files.database, 'field', { mode: 'read' })
  expect(digestField(db)).toBe(readManifest(files).field_digest)
  db.close()
  return fieldTag
}

async function setup(): Promise<{ world: MergeWorld; oldTag: string }> {
  const world = makeWorld()
  world.shard(0, [{ seed: 'a', name: 'atom' }])
  const { fieldTag } = await mergeField(world.place, settingsOf(), optionsOf())
  world.shard(0, [
    { seed: 'a', name: 'atom' },
    { seed: 'b', name: 'ion', members: { b: 'definition', a: 'other' } },
  ])
  return { world, oldTag: fieldTag }
}

const fieldsOf = ({ place }: MergeWorld): string[] =>
  readdirSync(place.fieldDir).filter((name) => name !== '_current')

test('a merge that is killed at any step leaves a whole field, the old one until the swap', async () => {
  const { world, oldTag } = await setup()
  const stepsBeforeSwap = MERGE_STEPS.slice(0, MERGE_STEPS.indexOf('pointers'))
  for (const step of stepsBeforeSwap) {
    expect(killedAt(world, step), step).toBe('SIGKILL')
    expect(expectWhole(world), step).toBe(oldTag)
  }
  const { outcome, fieldTag, leftovers } = await mergeField(world.place, settingsOf(), optionsOf())
  expect(outcome).toBe('published')
  expect(leftovers).toEqual([{ fieldTag: '20270101_000000', action: 'removed' }])
  expect(fieldsOf(world)).toEqual([oldTag, fieldTag].sort())
  world.remove()
})

test.each(['pointers', 'register'])(
  'a merge that is killed at %s has published, and the next one finishes its record',
  async (step) => {
    const { world, oldTag } = await setup()
    expect(killedAt(world, step)).toBe('SIGKILL')
    const published = expectWhole(world)
    expect(published).not.toBe(oldTag)
    const { outcome, leftovers } = await mergeField(world.place, settingsOf(), optionsOf())
    expect(outcome).toBe('unchanged')
    expect(leftovers).toEqual([{ fieldTag: published, action: 'finished' }])
    expect(readPointer(world.place.currentDir, 'EXP_LATEST')).toBe(published)
    const states = world.place.control.prepare('SELECT state FROM fields ORDER BY field_tag').pluck().all()
    expect(states).toEqual(['published', 'published'])
    world.remove()
  },
)

test('a half-written pointer beside MERGED is never read and is replaced', async () => {
  const { world, oldTag } = await setup()
  writeFileSync(join(world.place.currentDir, '.MERGED.new'), '2026')
  expect(readPointer(world.place.currentDir, MERGED)).toBe(oldTag)
  swapPointer(world.place.currentDir, MERGED, '20260101_000009')
  expect(readPointer(world.place.currentDir, MERGED)).toBe('20260101_000009')
  expect(readdirSync(world.place.currentDir)).not.toContain('.MERGED.new')
  world.remove()
})

test('a pointer that holds anything but a tag is refused', async () => {
  const { world } = await setup()
  writeFileSync(join(world.place.currentDir, MERGED), '../../elsewhere\n')
  expect(() => readPointer(world.place.currentDir, MERGED)).toThrow(
    expect.objectContaining({ code: 'field_missing' }),
  )
  world.remove()
})
