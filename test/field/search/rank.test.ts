import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Candidate } from '../../../db/queries/search-reading.ts'
import { queryWordsOf } from '../../../src/field/search/query-words.ts'
import { rank } from '../../../src/field/search/rank.ts'

const candidate = (doc: number, name: string, text = '', aliases = ''): Candidate => ({
  doc,
  id: `con_${doc}`,
  marks: '',
  name,
  aliases,
  text,
})

const order = (text: string, candidates: readonly Candidate[]): number[] =>
  rank(
    candidates,
    queryWordsOf(text),
    queryWordsOf(text).map(() => 1),
  ).map((one) => one.candidate.doc)

test('the very name comes before an alias, an alias before a name that begins so, that before all others', () => {
  const all = [
    candidate(1, 'Potential', 'energy energy energy'),
    candidate(2, 'Energy level'),
    candidate(3, 'Work', '', 'energy'),
    candidate(4, 'Energy'),
  ]
  expect(order('energy', all)).toEqual([4, 3, 2, 1])
})

test('of two that are alike in words the better connected one comes first', () => {
  expect(order('heat', [candidate(9, 'Heat flow'), candidate(5, 'Heat flow')])).toEqual([5, 9])
})

test('the order of the candidates makes no difference', () => {
  const all = [1, 2, 3, 4, 5, 6].map((doc) => candidate(doc, `ring ${doc % 2}`, 'zero ring'.repeat(doc % 3)))
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      expect(order('zero ring', shuffled)).toEqual(order('zero ring', all))
    }),
  )
})
