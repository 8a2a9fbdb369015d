import { expect, test } from 'vitest'
import type { Candidate } from '../../../db/queries/search-reading.ts'
import { fuse, RANK_OFFSET } from '../../../src/field/search/fuse.ts'

const candidate = (doc: number): Candidate => ({
  doc,
  id: `c${doc}`,
  marks: '',
  name: '',
  aliases: '',
  text: '',
})
const byWords = (doc: number, tier = 3) => ({ candidate: candidate(doc), tier, scoreMillionths: 0 })
const near = (doc: number) => ({ candidate: candidate(doc) })
const docs = (hits: readonly { candidate: Candidate }[]): number[] => hits.map((hit) => hit.candidate.doc)

test('what both lists have goes before what only one has, and each hit says where it was', () => {
  const hits = fuse([byWords(1), byWords(2)], [near(3), near(2)])
  expect(docs(hits)).toEqual([2, 1, 3])
  expect(hits.map(({ foundBy }) => foundBy)).toEqual(['both', 'words', 'meaning'])
})

test('a score is the sum of reciprocal ranks', () => {
  const [first] = fuse([byWords(7)], [near(7)])
  expect(first!.scoreMillionths).toBe(Math.round(2e6 / (RANK_OFFSET + 1)))
})

test('of equals the better connected comes first, whichever list it is of', () => {
  expect(docs(fuse([byWords(9)], [near(4)]))).toEqual([4, 9])
  expect(docs(fuse([byWords(4)], [near(9)]))).toEqual([4, 9])
})

test('what bears the very name stays first, however near the others are', () => {
  const hits = fuse([byWords(5, 0), byWords(6)], [near(6), near(8)])
  expect(docs(hits)).toEqual([5, 6, 8])
})
