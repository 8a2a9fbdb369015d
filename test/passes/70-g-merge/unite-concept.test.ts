import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RawConcept } from '../../../schemas/field-concept.ts'
import { normaliseName } from '../../../src/language/normalise-name.ts'
import { uniteConcept } from '../../../src/passes/70-g-merge/unite-concept.ts'

const row = (clusterId: string, name: string, more: Partial<RawConcept> = {}): RawConcept => ({
  conceptId: 'con',
  rawConceptId: 'con',
  clusterId,
  name,
  normalisedName: normaliseName(name),
  gloss: '',
  aliases: [],
  domain: '',
  canonicalFactId: 'f',
  ...more,
})

test('the name that most clusters use wins, whatever its spellings are', () => {
  const rows = [
    row('c1', 'ion'),
    row('c2', 'ion'),
    row('c3', 'Atom'),
    row('c4', 'atom'),
    row('c5', 'The atom'),
  ]
  // Of the three spellings of the winner none leads, so the smallest is taken.
  expect(uniteConcept(rows).name).toBe('Atom')
})

test('a gloss said twice beats one said once, and an empty one loses to any', () => {
  const rows = [
    row('c1', 'a', { gloss: '' }),
    row('c2', 'a', { gloss: '' }),
    row('c3', 'a', { gloss: 'once' }),
    row('c4', 'a', { gloss: 'twice' }),
    row('c5', 'a', { gloss: 'twice' }),
  ]
  expect(uniteConcept(rows).gloss).toBe('twice')
  expect(uniteConcept(rows.slice(0, 3)).gloss).toBe('once')
})

test('of glosses said equally often the one of the smallest cluster id wins', () => {
  const rows = [row('c2', 'a', { gloss: 'aaa' }), row('c1', 'a', { gloss: 'zzz' })]
  expect(uniteConcept(rows).gloss).toBe('zzz')
})

test('a cluster that says a word under two raw concepts counts once', () => {
  const rows = [row('c1', 'a'), row('c1', 'a', { rawConceptId: 'other' })]
  expect(uniteConcept(rows)).toMatchObject({ supportCount: 1, aliases: [{ supportCount: 1 }] })
})

test('aliases say whether they are the name, the name of a united concept, or only another word', () => {
  const rows = [row('c1', 'atom', { aliases: ['Atoms', '!'] }), row('c2', 'atom'), row('c3', 'corpuscle')]
  expect(uniteConcept(rows).aliases).toEqual([
    { normalisedAlias: 'atom', alias: 'atom', origin: 'name', supportCount: 2 },
    { normalisedAlias: 'atoms', alias: 'Atoms', origin: 'alias', supportCount: 1 },
    { normalisedAlias: 'corpuscle', alias: 'corpuscle', origin: 'merged', supportCount: 1 },
  ])
})

test('the order of the rows makes no difference', () => {
  const rows = fc.array(
    fc.record({
      clusterId: fc.constantFrom('c1', 'c2', 'c3', 'c4'),
      name: fc.constantFrom('Atom', 'atom', 'ion', 'Ion', '陽子'),
      gloss: fc.constantFrom('', 'x', 'y'),
      aliases: fc.subarray(['atoms', 'ION', 'Proton']),
      domain: fc.constantFrom('', 'physics'),
      canonicalFactId: fc.constantFrom('f1', 'f2'),
    }),
    { minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(
      rows.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      ([list, shuffled]) => {
        const asRows = (records: typeof list): RawConcept[] =>
          records.map((record) => row(record.clusterId, record.name, record))
        expect(uniteConcept(asRows(shuffled))).toEqual(uniteConcept(asRows(list)))
      },
    ),
  )
})

test('a single row gives what the vote over it and itself again gives', () => {
  const word = fc.constantFrom('ion', 'Ion', 'an ion', '!', 'ions', 'Ions', 'ÏON')
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 5 }), (name, aliases) => {
      const one = row('c1', name, { aliases, gloss: 'said' })
      expect(uniteConcept([one])).toEqual(uniteConcept([one, { ...one, rawConceptId: 'other' }]))
    }),
  )
})
