import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normaliseName } from '../../../src/language/normalise-name.ts'
import { glossWordsOf } from '../../../src/passes/50-m-prime-normalise/gloss-likeness.ts'
import type { Profile } from '../../../src/passes/50-m-prime-normalise/judge-pair.ts'
import { createNameIndex, type Merge, normalise } from '../../../src/passes/50-m-prime-normalise/normalise.ts'
import { lookAlikes } from './look-alikes.ts'

interface Named {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly gloss?: string
  readonly memberGroups?: readonly string[]
  readonly isDefined?: boolean
}

const profileFrom = ({
  name,
  aliases = [],
  gloss = '',
  memberGroups = [],
  isDefined = true,
}: Named): Profile => ({
  normalisedName: normaliseName(name),
  normalisedAliases: aliases.map(normaliseName),
  glosses: [glossWordsOf(gloss)],
  memberGroups,
  isDefined,
})

function decide(concepts: readonly Named[], areApart?: (a: number, b: number) => boolean) {
  const profiles = concepts.map(profileFrom)
  const index = createNameIndex()
  for (const [no, { gloss = '' }] of concepts.entries()) index.add({ ...profiles[no]!, glosses: [gloss] })
  const { merges, vetoes, ambiguousForms } = normalise(index, (no) => profiles[no]!, areApart)
  return { merges: [...merges], vetoes, ambiguousForms }
}

const canonicals = (merges: readonly Merge[]): number[] => merges.map((merge) => merge.canonicalNo)

const DNA_GLOSS = 'a long polymer of nucleotides that carries the genetic instructions of living cells'

test('an alias and a name meet where the glosses say the same', () => {
  const { merges } = decide([
    { name: 'Deoxyribonucleic acid', aliases: ['DNA'], gloss: DNA_GLOSS },
    { name: 'DNA', gloss: `${DNA_GLOSS} and viruses` },
  ])
  expect(merges[1]).toEqual({ no: 1, canonicalNo: 0, reason: 'alias', via: 'dna' })
})

test('an alias that meets a name without other evidence is a veto, not a merge', () => {
  const { merges, vetoes } = decide([
    { name: 'Depository institution', aliases: ['bank'], gloss: 'a company that accepts deposits of money' },
    { name: 'Bank', gloss: 'sloping land beside a body of water' },
  ])
  expect(canonicals(merges)).toEqual([0, 1])
  expect(vetoes).toEqual([{ a: 0, b: 1, reason: 'unsupported_alias', via: 'bank' }])
})

test('member facts that two concepts share are evidence too', () => {
  const memberGroups = ['f1', 'f2', 'f3']
  const { merges } = decide([
    { name: 'Deoxyribonucleic acid', aliases: ['DNA'], memberGroups },
    { name: 'DNA', memberGroups },
  ])
  expect(canonicals(merges)).toEqual([0, 0])
})

test('a word that many concepts claim merges none of them', () => {
  const senses = Array.from({ length: 9 }, (_, n) => ({
    name: `sense number ${'abcdefghi'[n]}`,
    aliases: ['bank'],
    gloss: DNA_GLOSS,
  }))
  const { merges, ambiguousForms } = decide(senses)
  expect(canonicals(merges)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  expect(ambiguousForms).toBe(1)
})

test('kinds of one thing stay apart though they share its name as an alias and nearly all of the gloss', () => {
  const { merges } = decide([
    {
      name: 'Cuban peso',
      aliases: ['peso'],
      gloss: 'the basic unit of money in Cuba; equal to 100 centavos',
    },
    {
      name: 'Mexican peso',
      aliases: ['peso'],
      gloss: 'the basic unit of money in Mexico; equal to 100 centavos',
    },
  ])
  expect(canonicals(merges)).toEqual([0, 1])
})

test.each(lookAlikes)('$a and $b stay apart, shared aliases and equal glosses or not', ({ a, b }) => {
  const evidence = { aliases: ['the common alias of both'], gloss: DNA_GLOSS }
  expect(
    canonicals(
      decide([
        { name: a, gloss: DNA_GLOSS },
        { name: b, gloss: DNA_GLOSS },
      ]).merges,
    ),
  ).toEqual([0, 1])
  if (a.includes(' ')) {
    const { merges } = decide([
      { name: a, ...evidence },
      { name: b, ...evidence },
    ])
    expect(canonicals(merges)).toEqual([0, 1])
  }
})

test('opposed names do not meet through a third one', () => {
  const gloss = 'any process that modulates the frequency or extent of ion transport across membranes'
  const { merges, vetoes } = decide([
    { name: 'positive modulation of transport', aliases: ['alpha route', 'ion modulation'], gloss },
    {
      name: 'ion transport control',
      aliases: ['alpha route', 'ion modulation', 'beta route', 'ion check'],
      gloss,
    },
    { name: 'negative modulation of transport', aliases: ['beta route', 'ion check'], gloss },
  ])
  expect(canonicals(merges)).toEqual([0, 1, 2])
  expect(vetoes.map((veto) => veto.reason)).toContain('opposed_chain')
})

test('look-alike names do not meet through a third one', () => {
  const gloss = 'any process in which a substance is transported to a specific location and maintained there'
  const { merges } = decide([
    { name: 'lipid localization', aliases: ['alpha route', 'ion modulation'], gloss },
    {
      name: 'transport to a place',
      aliases: ['alpha route', 'ion modulation', 'beta route', 'ion check'],
      gloss,
    },
    { name: 'protein localization', aliases: ['beta route', 'ion check'], gloss },
  ])
  expect(canonicals(merges)).toEqual([0, 1, 2])
})

test('a spelling variant with a trace of evidence is near, without any it is a veto', () => {
  const { merges, vetoes } = decide([
    { name: 'neutron star', gloss: 'collapsed core of a massive star' },
    { name: 'neutron stars', gloss: 'what is left when the core of a massive star has collapsed' },
    { name: 'hard time', gloss: 'a term served in prison' },
    { name: 'hard times', gloss: 'difficulty' },
  ])
  expect(merges[1]).toMatchObject({ canonicalNo: 0, reason: 'near' })
  expect(canonicals(merges).slice(2)).toEqual([2, 3])
  expect(vetoes).toMatchObject([{ a: 2, b: 3, reason: 'unsupported_near' }])
})

test('three spellings of one name are one', () => {
  const names = ['light-year', 'light years', 'light year'].map((name) => ({ name, isDefined: false }))
  expect(canonicals(decide(names).merges)).toEqual([0, 0, 0])
})

test('a plural of which nobody gave a definition is the same thing', () => {
  const { merges } = decide([
    { name: 'covalent bond', gloss: 'a bond in which electrons are shared' },
    { name: 'covalent bonds', gloss: 'found in methane', isDefined: false },
  ])
  expect(canonicals(merges)).toEqual([0, 0])
})

test('what is kept apart does not meet', () => {
  const pair = [
    { name: 'neutron star', gloss: DNA_GLOSS },
    { name: 'neutron stars', gloss: DNA_GLOSS },
  ]
  expect(canonicals(decide(pair).merges)).toEqual([0, 0])
  expect(canonicals(decide(pair, () => true).merges)).toEqual([0, 1])
})

const words = ['star', 'stars', 'neutron', 'field', 'fields', 'colour', 'color', 'of', 'not']
const phrase = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
  .map((list) => list.join(' '))
const named = fc.record({
  name: phrase,
  aliases: fc.array(phrase, { maxLength: 3 }),
  gloss: fc
    .array(fc.constantFrom('core', 'mass', 'light', 'force', 'decay', '7'), { maxLength: 4 })
    .map((l) => l.join(' ')),
})
const concepts = fc.uniqueArray(named, { selector: ({ name }) => normaliseName(name), maxLength: 14 })

test('the map is a projection onto the smallest of each group', () => {
  fc.assert(
    fc.property(concepts, (list) => {
      const to = canonicals(decide(list).merges)
      to.forEach((canonical, no) => {
        expect(to[canonical]).toBe(canonical)
        expect(canonical).toBeLessThanOrEqual(no)
      })
    }),
    { numRuns: 300 },
  )
})

test('the order of a concept’s aliases and the repetition of one change nothing', () => {
  fc.assert(
    fc.property(concepts, (list) => {
      const turned = list.map((concept) => ({
        ...concept,
        aliases: [...concept.aliases].reverse().concat(concept.aliases),
      }))
      expect(decide(turned)).toEqual(decide(list))
    }),
  )
})

test('no pair is vetoed twice, and none is both vetoed and merged directly into one another by itself', () => {
  fc.assert(
    fc.property(concepts, (list) => {
      const { vetoes } = decide(list)
      const pairs = vetoes.map(({ a, b }) => `${a} ${b}`)
      expect(new Set(pairs).size).toBe(pairs.length)
      for (const { a, b } of vetoes) expect(a).toBeLessThan(b)
    }),
  )
})
