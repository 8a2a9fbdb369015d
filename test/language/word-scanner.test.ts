import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clausesOf } from '../../src/language/clauses.ts'
import { createTextNumbers } from '../../src/language/text-numbers.ts'
import { createWordScanner } from '../../src/language/word-scanner.ts'

const numbers = createTextNumbers()
const scanner = createWordScanner(numbers)

function scanned(text: string): string[][] {
  const count = scanner.scan(text)
  const clauses: string[][] = []
  for (let start = 0; start < count; start = scanner.endOfClause(start)) {
    const end = scanner.endOfClause(start)
    clauses.push(Array.from({ length: end - start }, (_, at) => numbers.at(scanner.wordAt(start + at))))
  }
  return clauses
}

const piece = fc.constantFrom(
  ...`a|The|C++|C#|c+x|Na+|+|16.4|1,000|1.|.5|3rd|don't|Newton's|'s|x's9|rock'n'roll5|-|/| - | / |. |; |, |,|: |...|?!|(|)|"|[|]`.split(
    '|',
  ),
  ' ',
  '  ',
  '\t',
  '\n',
  '_',
  '~',
  '\0',
)
const plain = fc.oneof(
  fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
  fc.string({ maxLength: 40 }),
)

test('a text gives the words and clauses that the expressions give', () => {
  fc.assert(
    fc.property(fc.oneof(plain, fc.string({ unit: 'grapheme', maxLength: 20 })), (text) => {
      expect(scanned(text)).toEqual(clausesOf(text))
    }),
    { numRuns: 2_000 },
  )
})

test('clauses and words of a text of many kinds', () => {
  const text = "The café's C++ (fast), 1,000.5 x - don't e.g. stop; Na+ and Ω"
  expect(scanned(text)).toEqual(clausesOf(text))
  expect(scanned("Newton's 2nd law, i.e. F=ma; see C#.")).toEqual([
    ['newton', '2nd', 'law'],
    ['i', 'e'],
    ['f', 'ma'],
    ['see', 'c#'],
  ])
})
