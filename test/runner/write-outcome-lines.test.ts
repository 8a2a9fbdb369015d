/** The files for people follow the tables, whatever became of them. */
import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeOutcomeLines } from '../../src/runner/write-outcome-lines.ts'
import { newFolder } from '../support/folder.ts'
import { makeWorkspace, structureOfHeat } from '../support/hand-made-workspace.ts'

async function setup() {
  const world = await makeWorkspace({ shardCount: 1 })
  const dir = newFolder()
  const write = () => {
    let written = 0
    const files = { runId: world.runId, shardNo: 0, dir, guard: () => undefined }
    world.change('heat-1', (db) => {
      written = writeOutcomeLines(db, files)
    })
    return written
  }
  world.accept('heat-1', structureOfHeat)
  world.setAside('light-1', [{ code: 'json_invalid', at: '', message: 'no object' }])
  const contents = () => readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')])
  return { world, dir, write, contents }
}

test.each([
  ['removed', (path: string) => rmSync(path)],
  ['cut', (path: string) => truncateSync(path, 10)],
])('a file that was %s behind the cursor is written anew, and holds every line once', async (_, spoil) => {
  const { world, dir, write, contents } = await setup()
  expect(write()).toBe(2)
  expect(write()).toBe(0)
  const before = contents()
  expect(before.map(([name]) => name)).toEqual(['bad.0000.jsonl', 'ok.0000.jsonl'])
  spoil(join(dir, 'ok.0000.jsonl'))
  expect(write()).toBe(2)
  expect(contents()).toEqual(before)
  world.remove()
})
