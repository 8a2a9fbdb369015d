import { expect, test } from 'vitest'
import { clausesOf } from '../../../src/language/clauses.ts'
import { createWordScanner } from '../../../src/language/word-scanner.ts'
import { createMentionIndex } from '../../../src/passes/60-x-link/mention-index.ts'
import { createNameReader, relationsIn } from '../../../src/passes/60-x-link/read-mentions.ts'
import { CUES, LONGEST_GAP } from '../../../src/passes/60-x-link/relation-cues.ts'

const NAMES = [
  'chloroplast',
  'chlorophyll',
  'photosynthesis',
  'sunlight',
  'plant',
  'oxygen',
  'sodium chloride',
  'salt',
  'balloon',
  'propulsion',
  'process',
  'water',
] as const

/** What a fact about the first of two names says of the two, if anything. */
function said(text: string, about: (typeof NAMES)[number]): string[] {
  const index = createMentionIndex()
  for (const [no, name] of NAMES.entries()) index.add(no, name, true)
  const reader = createNameReader(index, createWordScanner(index.words))
  const relations = relationsIn(reader.read(text), NAMES.indexOf(about), index, reader)
  return relations.map(({ src, dst, relType }) => `${NAMES[src]} ${relType} ${NAMES[dst]}`)
}

test.each([
  ['Photosynthesis requires sunlight.', 'photosynthesis depends_on sunlight'],
  ['Photosynthesis usually depends on direct sunlight.', 'photosynthesis depends_on sunlight'],
  ['Sunlight is needed for photosynthesis.', 'photosynthesis depends_on sunlight'],
  ['A plant contains many chloroplasts.', 'chloroplast part_of plant'],
  ['The chloroplast is a part of the plant.', 'chloroplast part_of plant'],
  ['Chlorophyll can cause photosynthesis', 'chlorophyll causes photosynthesis'],
  ['Photosynthesis results from sunlight and water', 'sunlight causes photosynthesis'],
  ['Photosynthesis is a kind of chemical process.', 'photosynthesis refines process'],
  ['Sodium chloride is also known as salt.', 'sodium chloride same_as salt'],
])('%s says: %s', (text, relation) => {
  const about = NAMES.filter((name) => relation.includes(name))[0]!
  expect(said(text, about)).toEqual([relation])
})

test.each([
  ['Photosynthesis does not require sunlight.'],
  ['Photosynthesis requires no sunlight.'],
  ['If photosynthesis requires sunlight, plants grow by day.'],
  ['The rate of photosynthesis depends on sunlight.'],
  ['Photosynthesis requires sunlight or oxygen.'],
  ['Photosynthesis requires plant pigments.'],
  ['Photosynthesis stops. Requires sunlight.'],
  ['Photosynthesis and sunlight are studied at school.'],
  ['A plant can be a part of photosynthesis.'],
  ['The process is called photosynthesis.'],
])('%s says nothing of two names', (text) => {
  expect(said(text, 'photosynthesis')).toEqual([])
})

test('what causes something to act does not cause the thing', () => {
  expect(said('Propulsion causes a deflating balloon to fly.', 'propulsion')).toEqual([])
})

test('a relation between two other concepts is none of this fact’s business', () => {
  expect(said('Photosynthesis requires sunlight.', 'salt')).toEqual([])
})

test('a clause ends at a stop, a comma and a bracket, not inside a number', () => {
  expect(clausesOf('One (or 1.5) is, at least, enough. Two!')).toEqual([
    ['one'],
    ['or', '1.5'],
    ['is'],
    ['at', 'least'],
    ['enough'],
    ['two'],
  ])
})

test('no expression of a cue takes more words than the longest gap', () => {
  // Of each choice the longest arm, of what may be left out all of it: then every space parts two words.
  for (const { pattern } of CUES)
    expect(mostWordsOf(pattern.source), pattern.source).toBeLessThanOrEqual(LONGEST_GAP)
  expect(Math.max(...CUES.map(({ pattern }) => mostWordsOf(pattern.source)))).toBeGreaterThan(5)
})

/** Spaces that a match of the expression can hold at most; the text ends with one. */
function mostWordsOf(source: string): number {
  let at = 0
  const choice = (): number => {
    let most = 0
    let sum = 0
    for (; at < source.length && source[at] !== ')'; ) {
      let taken = 0
      if (source[at] === '|') {
        most = Math.max(most, sum)
        sum = 0
        at++
        continue
      }
      if (source[at] === '(') {
        at += source.startsWith('(?:', at) ? 3 : 1
        taken = choice()
        at++
      } else {
        taken = source[at] === ' ' ? 1 : 0
        at++
      }
      const times = /^\{0,(\d+)\}/u.exec(source.slice(at))
      sum += taken * (times === null ? 1 : Number(times[1]))
      at += times?.[0].length ?? 0
    }
    return Math.max(most, sum)
  }
  return choice()
}
