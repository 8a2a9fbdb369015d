import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asMatch, queryWordsOf, tokensOf } from '../../../src/field/search/query-words.ts'

test('the word that is typed stands for all that begin with it, the others for their forms', () => {
  expect(queryWordsOf('theories of rin')).toEqual([
    { word: 'theories', prefix: 'theor' },
    { word: 'rin', prefix: 'rin' },
  ])
  expect(queryWordsOf('theories of rin ').at(-1)).toEqual({ word: 'rin', prefix: null })
})

test('a single letter is a word and no beginning; function words alone are words too', () => {
  expect(queryWordsOf('c')).toEqual([{ word: 'c', prefix: null }])
  expect(queryWordsOf('the of ').map(({ word }) => word)).toEqual(['the', 'of'])
})

test('case and diacritics do not count', () => {
  expect(tokensOf('Ångström ÉCOLE')).toEqual(['angstrom', 'ecole'])
})

test('a run of an unspaced script is parted into its pairs', () => {
  expect(tokensOf('熱力学第二法則')).toEqual(['熱力', '力学', '学第', '第二', '二法', '法則'])
})

test('whatever is typed, a question holds quoted words and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const asked = queryWordsOf(text).map(asMatch).join(' ')
      expect(asked.replace(/"[\p{L}\p{N}\p{Co}\p{M}]+"/gu, 'w')).toMatch(
        /^(?:(?:w\*?|\(w OR w\*\))(?: |$))*$/,
      )
    }),
    { numRuns: 50 },
  )
})
