import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentWordsOf, stopWords, wordsOf } from '../../src/language/words.ts'

test('words are folded, keep their order and their repeats', () => {
  expect(wordsOf('The cat, the CAT!')).toEqual(['the', 'cat', 'the', 'cat'])
})

test('a possessive goes, a contraction stays whole', () => {
  expect(wordsOf('Newton’s law doesn’t')).toEqual(['newton', 'law', "doesn't"])
})

test('versions and names with signs stay apart from their plain cousins', () => {
  expect(wordsOf('version 16.4 of C++, not C')).toEqual(['version', '16.4', 'of', 'c++', 'not', 'c'])
})

test('hyphenated and spaced spellings give the same words', () => {
  expect(wordsOf('receptor-mediated')).toEqual(wordsOf('receptor mediated'))
})

test('compatibility characters and German sharp s fold', () => {
  expect(wordsOf('ﬁeld STRASSE straße')).toEqual(['field', 'strasse', 'strasse'])
})

test('a run of an unspaced script gives its overlapping pairs', () => {
  expect(wordsOf('量子力学 model')).toEqual(['量子', '子力', '力学', 'model'])
})

test('negations are not stop words', () => {
  for (const negation of ['not', 'no', 'never', 'without', 'neither'])
    expect(stopWords.has(negation)).toBe(false)
  expect(contentWordsOf('it is not the sun')).toEqual(['not', 'sun'])
})

test('the words of the words are the words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const words = wordsOf(text).filter(
        (word) => /^[\p{L}\p{N}]+$/u.test(word) && word.charCodeAt(0) < 0x0dff,
      )
      expect(wordsOf(words.join(' '))).toEqual(words)
    }),
  )
})
