/** Search over a field that was planned, structured and merged by the commands. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type SearchResult, searchResultSchema } from '../../../schemas/search.ts'
import { indexOrderOf } from '../../../src/control/search/index-order.ts'
import { openWorkspace } from '../../../src/control/workspace.ts'
import { buildIndex } from '../../../src/field/search/build-index.ts'
import { openSearch } from '../../../src/field/search/open-search.ts'
import { type SearchRequest, search } from '../../../src/field/search/search.ts'
import { cliJson } from '../../support/cli.ts'
import { plannedWorld, type World } from '../../support/demo-world.ts'
import { folderOfFile } from '../../support/folder.ts'

const folder = folderOfFile()
let world: World
beforeAll(async () => {
  world = await plannedWorld({ facts: 150, shards: 2, args: ['--every'], folder })
  await cliJson(world.dir, ['run'])
  await cliJson(world.dir, ['merge'])
})

const ANYTHING: SearchRequest = {
  text: '',
  kind: 'concepts',
  domain: null,
  relation: null,
  run: null,
  support: null,
  limit: 20,
  skip: 0,
}

/** Makes the index where there is none that fits, as the command does. */
function find(request: Partial<SearchRequest>): SearchResult {
  const workspace = openWorkspace(world.dir, 'use')
  try {
    const { order, fieldTag } = indexOrderOf(workspace, null)
    const known = openSearch(order, fieldTag)
    if (known === null) buildIndex(order, () => undefined)
    const field = known ?? openSearch(order, fieldTag)!
    try {
      return searchResultSchema.parse(search(field, { ...ANYTHING, ...request }))
    } finally {
      field.close()
    }
  } finally {
    workspace.close()
  }
}

test('the command prints what the schema says, with a concept of that name first and a fact that says it', async () => {
  const found = searchResultSchema.parse(await cliJson(world.dir, ['search', 'zero', 'ring']))
  expect(found).toMatchObject({ query: 'zero ring ', rankedBy: 'words', matched: 'all', isComplete: true })
  expect(found.concepts[0]!.name).toMatch(/zero ring/i)
  expect(found.concepts[0]!.evidence?.text).toMatch(/zero/i)
})

test('facts are found with the concepts that they belong to', () => {
  const { facts } = find({ text: 'empty set topology', kind: 'facts' })
  expect(facts[0]).toMatchObject({ factId: 'mm:0ntop', domain: 'Topology' })
  expect(facts[0]!.concepts.length).toBeGreaterThan(0)
})

test('a plural finds the singular', () => {
  expect(find({ text: 'rings ' }).concepts.some(({ name }) => /\bring\b/i.test(name))).toBe(true)
})

test('each facet counts what is left when it is chosen', () => {
  const { facets, isComplete } = find({ text: 'ring ' })
  expect(isComplete).toBe(true)
  expect(facets.domain.length).toBeGreaterThan(1)
  for (const facet of ['domain', 'relation', 'run', 'support'] as const)
    for (const { value, count } of facets[facet])
      expect([facet, value, find({ text: 'ring ', [facet]: value }).total]).toEqual([facet, value, count])
})

test('where nothing is asked for, the facets count the whole field', () => {
  const all = find({})
  expect(all.facets.domain.reduce((sum, { count }) => sum + count, 0)).toBe(all.total)
  for (const { value, count } of all.facets.domain) expect(find({ domain: value }).total).toBe(count)
})

test('a second page goes on where the first ended', () => {
  const ids = (request: Partial<SearchRequest>): string[] =>
    find({ text: 'ring ', ...request }).concepts.map(({ conceptId }) => conceptId)
  expect([...ids({ limit: 3 }), ...ids({ limit: 3, skip: 3 })]).toEqual(ids({ limit: 6 }))
})

test('where nothing has all the words, those with some are shown and said to be', () => {
  const found = find({ text: 'zero xylophone ' })
  expect(found.matched).toBe('some')
  expect(found.total).toBeGreaterThan(0)
})

test('words that would be operators are looked for as words', () => {
  for (const text of [
    '"',
    'a OR b*',
    'NEAR(ring zero)',
    '{marks} : d0',
    "'); DROP TABLE x",
    '^ring -zero',
    '\0',
  ])
    expect(() => find({ text })).not.toThrow()
  expect(find({ text: 'd0 ' }).total).toBe(0) // a mark is no word
})

test('a facet that the field does not have is refused with those that it has', () => {
  expect(() => find({ domain: 'Poetry' })).toThrow(/no domain of this field is Poetry; there are .*Groups/)
})

test('an index that is gone, broken or of another field is made again, and finds the same', () => {
  const before = find({ text: 'ring ' })
  const dir = join(world.dir, 'search')
  const path = join(dir, readdirSync(dir)[0]!)
  rmSync(path)
  expect(find({ text: 'ring ' })).toEqual(before)
  writeFileSync(path, 'no database')
  expect(find({ text: 'ring ' })).toEqual(before)
  expect(readdirSync(dir)).toEqual([basename(path)])
})
