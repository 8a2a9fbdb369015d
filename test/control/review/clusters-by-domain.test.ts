import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { domainFileName } from '../../../src/control/review/domain-file-name.ts'
import { writeClustersByDomain } from '../../../src/control/review/write-clusters-by-domain.ts'
import { type HandMade, makeWorkspace, type PlannedGroup } from '../../support/hand-made-workspace.ts'

let world: HandMade | undefined
afterEach(() => {
  world?.remove()
  world = undefined
})

const never = (): boolean => false

async function write(groups?: readonly PlannedGroup[], shardCount = 2) {
  world = await makeWorkspace({ shardCount, ...(groups ? { groups } : {}) })
  const dir = join(world.workspace.dir, 'runs', 'x', 'clusters_by_domain')
  return { dir, written: writeClustersByDomain(world.workspace, dir) }
}

test('each cluster stands in the file of its domain, with its facts in order', async () => {
  const { dir, written } = await write()
  expect(readdirSync(dir).sort()).toEqual(['Optics.jsonl', 'Thermodynamics.jsonl', 'science%2FRings.jsonl'])
  expect(written).toMatchObject({ domains: 3, clusters: 3 })
  const lines = readFileSync(join(dir, 'Thermodynamics.jsonl'), 'utf8').trimEnd().split('\n')
  expect(
    lines.map((line) => JSON.parse(line).facts.map((fact: { fact_id: string }) => fact.fact_id)),
  ).toEqual([['heat-1', 'heat-2', 'heat-3']])
})

test('domains that differ in case only have files that differ in more', async () => {
  const { dir } = await write([
    [{ factId: 'a', text: 'A.', domain: 'optics' }],
    [{ factId: 'b', text: 'B.', domain: 'Optics' }],
  ])
  const names = readdirSync(dir).map((name) => name.toLowerCase())
  expect(new Set(names).size).toBe(2)
})

test('the files are the same for any number of shards', async () => {
  const groups = Array.from(
    { length: 9 },
    (_, n): PlannedGroup => [{ factId: `f${n}`, text: 'F.', domain: 'd' }],
  )
  const texts = []
  for (const shardCount of [1, 5]) {
    const { dir } = await write(groups, shardCount)
    texts.push(readFileSync(join(dir, 'd.jsonl'), 'utf8'))
    world!.remove()
    world = undefined
  }
  expect(texts[1]).toBe(texts[0])
})

test('a missing shard stops it, and what was there stays', async () => {
  const { dir } = await write()
  const before = readdirSync(dir)
  rmSync(world!.workspace.shardPath(0))
  expect(() => writeClustersByDomain(world!.workspace, dir)).toThrow(
    expect.objectContaining({ code: 'shard_damaged' }),
  )
  expect(readdirSync(dir)).toEqual(before)
})

test.each(['', '.', '..', '../../etc/passwd', 'a/b', 'CON', 'nul.txt', 'a\\b', 'ü', '-rf', 'x'.repeat(500)])(
  'the domain %j stays inside the folder and is no special name',
  (domain) => {
    const name = domainFileName(domain, never)
    expect(basename(resolve('/base', name))).toBe(name)
    expect(resolve('/base', name)).toBe(`/base/${name}`)
    expect(name).toMatch(/^[A-Za-z0-9_%~][A-Za-z0-9_.%~-]*\.jsonl$/)
    expect(name).not.toMatch(/^(?:con|nul)\./i)
    expect(name.length).toBeLessThan(255)
  },
)

const domains = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('%', '2', 'E', '.', '~', 'n', 'u', 'l'), maxLength: 6 }),
)

test('two domains never share a file name', () => {
  fc.assert(
    fc.property(domains, domains, (a, b) => {
      fc.pre(a !== b)
      expect(domainFileName(a, never)).not.toBe(domainFileName(b, never))
    }),
  )
})
