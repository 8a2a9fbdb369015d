import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOf } from '../../../src/language/words.ts'
import { createMentionIndex } from '../../../src/passes/60-x-link/mention-index.ts'

function found(names: readonly string[], text: string): string[] {
  const index = createMentionIndex()
  for (const [no, name] of names.entries()) index.add(no, name, true)
  const words = wordsOf(text).map(index.words.findOrAdd)
  return index
    .mentionsIn((at) => words[at]!, 0, words.length)
    .map((mention) => index.claims.formAt(mention.formNo))
}

test('the longest name at a place is found, and none inside it', () => {
  expect(found(['acid', 'acid rain', 'rain', 'rain forest'], 'acid rain falls on the rain forest')).toEqual([
    'acid rain',
    'rain forest',
  ])
})

test('a name is found as a whole word only', () => {
  expect(found(['acid', 'art'], 'a placid party')).toEqual([])
})

test('singular and plural meet in the last word', () => {
  expect(found(['black holes', 'analysis'], 'a black hole in two analyses')).toEqual([
    'black hole',
    'analysis',
  ])
})

test('a name that is only the beginning of what stands there is not found', () => {
  expect(found(['second law of motion'], 'the second law of thermodynamics')).toEqual([])
})

test.each([['the'], ['up'], ['of the'], ['42'], ['1.5'], ['is'], ['?!']])('%s is not looked for', (name) => {
  expect(found([name], `we see ${name} here`)).toEqual([])
})

const word = fc.constantFrom('red', 'giant', 'star', 'dwarf', 'white', 'light')
const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '))

test('the index finds what a search from left to right for the longest name finds', () => {
  fc.assert(
    fc.property(fc.uniqueArray(phrase, { minLength: 1, maxLength: 8 }), fc.array(word), (names, words) => {
      const expected: string[] = []
      for (let start = 0; start < words.length; ) {
        const longest = [3, 2, 1].find((length) =>
          names.includes(words.slice(start, start + length).join(' ')),
        )
        const length = longest === undefined ? 0 : Math.min(longest, words.length - start)
        if (length > 0) expected.push(words.slice(start, start + length).join(' '))
        start += Math.max(1, length)
      }
      expect(found(names, words.join(' '))).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})
