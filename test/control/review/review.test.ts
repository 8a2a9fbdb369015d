import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { runManifestSchema } from '../../../schemas/run-manifest.ts'
import { writeReview } from '../../../src/control/review/write-review.ts'
import { writeRunManifest } from '../../../src/control/review/write-run-manifest.ts'
import {
  type HandMade,
  makeWorkspace,
  type PlannedGroup,
  structureOfHeat,
} from '../../support/hand-made-workspace.ts'

let world: HandMade
afterEach(() => world.remove())

const INVALID = { code: 'json_invalid', at: '', message: 'no object' } as const

test('a run without quarantine says so and shows no case', async () => {
  world = await makeWorkspace()
  world.accept('heat-1', structureOfHeat)
  const page = readFileSync(writeReview(world.workspace, world.runTag), 'utf8')
  expect(page).toContain('0 of 1 cluster that this run decided are in quarantine.')
  expect(page).not.toContain('## Cases')
})

test('codes are counted over all shards, and each case shows facts, answer and what failed', async () => {
  world = await makeWorkspace()
  world.setAside(
    'heat-1',
    [INVALID, { code: 'keep_empty', at: 'members', message: 'nothing kept' }],
    'So sorry',
  )
  world.setAside('light-1', [INVALID])
  const page = readFileSync(writeReview(world.workspace, world.runTag), 'utf8')
  expect(page).toContain('| `json_invalid` | 2 |')
  expect(page).toContain('| `keep_empty` | 1 |')
  expect(page).toContain('[1] Heat is measured in joules. (heat-2)')
  expect(page).toContain('So sorry')
  expect(page).toContain('keep_empty at members: nothing kept')
})

test('an answer that holds a fence cannot end the block it stands in', async () => {
  world = await makeWorkspace()
  const answer = '```json\n{}\n```\n# Not a heading of ours'
  world.setAside('heat-1', [INVALID], answer)
  const page = readFileSync(writeReview(world.workspace, world.runTag), 'utf8')
  expect(page).toContain(`\`\`\`\`text\n${answer}\n\`\`\`\``)
})

const manyGroups: PlannedGroup[] = Array.from({ length: 8 }, (_, n) => [
  { factId: `fact-${n}`, text: `Fact number ${n}.`, domain: 'Optics' },
])

test('the three cases with the smallest keys stand for a group, whatever the number of shards', async () => {
  const pages = []
  for (const shardCount of [1, 4]) {
    world = await makeWorkspace({ shardCount, groups: manyGroups })
    for (const [seed] of manyGroups) world.setAside(seed!.factId, [INVALID])
    pages.push(
      readFileSync(writeReview(world.workspace, world.runTag), 'utf8').replaceAll(/Shard \d/g, 'Shard'),
    )
    if (shardCount === 1) world.remove()
  }
  expect(pages[0]!.match(/^#### clu_/gm)).toHaveLength(3)
  expect(pages[1]).toBe(pages[0])
})

test('writing a review twice gives the same bytes', async () => {
  world = await makeWorkspace()
  world.setAside('heat-1', [INVALID])
  const read = () => readFileSync(writeReview(world.workspace, world.runTag), 'utf8')
  expect(read()).toBe(read())
})

test('an unknown run is refused', async () => {
  world = await makeWorkspace()
  expect(() => writeReview(world.workspace, '19990101_000000')).toThrow(
    expect.objectContaining({ code: 'not_found' }),
  )
})

test('the manifest of a run is replaced whole and says who it is about', async () => {
  world = await makeWorkspace()
  const report = { stop: null, counts: { ok: 1 }, metrics: { ok_rate: 1 }, nowMs: 0 }
  writeRunManifest(world.workspace, world.runTag, { ...report, state: 'running', stage: 'lanes' })
  const path = writeRunManifest(world.workspace, world.runTag, { ...report, state: 'closed', stage: 'sweep' })
  expect(runManifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')))).toMatchObject({
    run_tag: world.runTag,
    run_id: world.runId,
    state: 'closed',
    stage: 'sweep',
    updated_at: '1970-01-01T00:00:00.000Z',
  })
})
