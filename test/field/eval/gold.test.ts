import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadHashKey } from '../../../shards/hash-key.ts'
import { readGold } from '../../../src/field/eval/read-gold.ts'
import { resolveGold } from '../../../src/field/eval/resolve-gold.ts'
import { createSample } from '../../../src/field/eval/sample.ts'
import { newFolder } from '../../support/folder.ts'

const relation = (src: string, name: string, dst: string) => ({ src, relation: name, dst })

test('relations and trees are read from one file or several, with columns that nobody asked for', () => {
  const dir = newFolder()
  const [mixed, more] = [join(dir, 'mixed.jsonl'), join(dir, 'more.jsonl')]
  writeFileSync(
    mixed,
    `${JSON.stringify({ ...relation('a', 'refines', 'b'), kind: 'is_a' })}\n\n${JSON.stringify({ leaves: ['a'], distractors: [], cluster_id: 'x' })}\n`,
  )
  writeFileSync(more, JSON.stringify(relation('b', 'refines', 'c')))
  expect(readGold([mixed, more])).toEqual({
    relations: [relation('a', 'refines', 'b'), relation('b', 'refines', 'c')],
    trees: [{ leaves: ['a'], distractors: [] }],
  })
})

test.each(['{"src":"a","relation":"refines"}', 'refines', '[]', '{"src":"","relation":"r","dst":"b"}'])(
  'a line that is no gold is named: %s',
  (line) => {
    const path = join(newFolder(), 'gold.jsonl')
    writeFileSync(path, `${JSON.stringify(relation('a', 'refines', 'b'))}\n${line}\n`)
    expect(() => readGold([path])).toThrow(
      expect.objectContaining({ code: 'input_unreadable', message: expect.stringContaining('line 2') }),
    )
  },
)

test('a gold file that is not there is told', () => {
  expect(() => readGold([join(newFolder(), 'no.jsonl')])).toThrow(
    expect.objectContaining({ code: 'input_not_found' }),
  )
})

test('every line ends as a pair, in a group, unknown, or as one that was there already', () => {
  const speakers: Record<string, string> = { a: 'a', a2: 'a', b: 'b', b2: 'b', c: 'c' }
  const resolved = resolveGold(
    {
      relations: [
        relation('a', 'refines', 'b'),
        relation('a2', 'refines', 'b2'),
        relation('a', 'duplicate_of', 'a2'),
        relation('a', 'refines', 'nobody'),
        relation('c', 'opposite_of', 'b'),
        relation('b', 'opposite_of', 'c'),
      ],
      trees: [{ leaves: ['a', 'a2', 'nobody'], distractors: ['b'] }],
    },
    (factId) => speakers[factId],
  )
  expect(resolved.pairs).toEqual([relation('a', 'refines', 'b'), relation('b', 'opposite_of', 'c')])
  expect([...resolved.inOneGroup]).toEqual([['duplicate_of', 1]])
  expect([...resolved.unknown]).toEqual([['refines', 1]])
  expect(resolved.trees).toEqual([{ leaves: ['a'], distractors: ['b'] }])
})

test('a sample is the same whatever the order of what is offered', async () => {
  const hashKey = await loadHashKey()
  const sampleOf = (keys: readonly string[], size: number): string[] => {
    const sample = createSample<string>(size, hashKey)
    for (const key of keys) sample.offer(key, key)
    return sample.taken()
  }
  const keys = fc.uniqueArray(fc.string(), { maxLength: 40 })
  const shuffled = keys.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.integer({ min: 0, max: 50 }),
    ),
  )
  fc.assert(
    fc.property(shuffled, ([all, other, size]) => {
      expect(sampleOf(other, size)).toEqual(sampleOf(all, size))
      expect(sampleOf(all, size).length).toBe(Math.min(size, all.length))
    }),
  )
})
