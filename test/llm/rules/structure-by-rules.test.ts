import { expect, test } from 'vitest'
import { structureByRules } from '../../../src/llm/rules/structure-by-rules.ts'

const structure = (...texts: string[]) => structureByRules(texts.map((text, i) => ({ i, domain: 'd', text })))
const keptOf = (...texts: string[]) => structure(...texts).members.map(({ i }) => i)
const edgesOf = (...texts: string[]) =>
  structure(...texts).relations.map(({ src_i, rel_type, dst_i }) => `${src_i} ${rel_type} ${dst_i}`)

test('a definition, an example, a part and a stranger become one concept without the stranger', () => {
  const { concept, members, dropped, relations, links } = structure(
    'A planet (also world) is a body that orbits a star.',
    'Mars is a kind of planet',
    'a planet contains environments',
    'a comet is made of ice',
  )
  expect(concept).toEqual({
    name: 'planet',
    gloss: 'a body that orbits a star',
    aliases: ['world'],
    canonical_i: 0,
  })
  expect(members).toEqual([
    { i: 0, role: 'definition' },
    { i: 1, role: 'example' },
    { i: 2, role: 'property' },
  ])
  expect(dropped).toEqual([{ i: 3, reason: 'about "comet"' }])
  expect(relations.map(({ src_i, rel_type, dst_i }) => `${src_i} ${rel_type} ${dst_i}`)).toEqual([
    '2 supports 0',
    '1 refines 0',
  ])
  expect(links).toEqual([{ name: 'body', rel_type: 'refines', support_i_list: [0] }])
})

test('a definition of the seed’s head names the concept when the seed does not define it', () => {
  const { concept } = structure('planets are cold', 'A planet is a body that orbits a star.')
  expect(concept).toMatchObject({ canonical_i: 1, name: 'planet' })
})

test.each([
  [
    'Positive regulation of growth is any process that activates growth.',
    'Negative regulation of growth is any process that stops growth.',
  ],
  [
    'The Web API feature AudioData has been supported in Chrome since version 94.',
    'The Web API feature AudioDecoder has been supported in Chrome since version 94.',
  ],
  ['Henan is a province located in China', 'Hubei is a province located in China'],
  ['Flash is a sudden brilliant understanding.', 'Hot flash is a sudden brief sensation of heat.'],
])('look-alikes are other concepts: "%s" and "%s"', (one, other) => {
  expect(keptOf(one, other)).toEqual([0])
})

test('an unknown verb after the concept’s name makes the fact one about it', () => {
  const seed = 'the immune system is part of the body'
  expect(keptOf(seed, 'the immune system attacks bacteria', 'the immune system cell membrane')).toEqual([
    0, 1,
  ])
})

test('the reason names the look-alike', () => {
  const { dropped } = structure('Flash is a sudden idea.', 'Hot flash is a sensation of heat.')
  expect(dropped).toEqual([{ i: 1, reason: '"Hot flash" shares words with "Flash" but is another concept' }])
})

test('a second definition of the same word with another content is another sense', () => {
  const { dropped } = structure(
    'Bank is the sloping land beside water.',
    'Bank: financial institution that lends money.',
  )
  expect(dropped).toEqual([{ i: 1, reason: 'another sense of "Bank"' }])
})

test('same_as needs the same words in the same order, numbers and negation included', () => {
  expect(edgesOf('Convection: heat transfer by motion.', 'Convection is heat transfer by motion')).toEqual([
    '1 same_as 0',
  ])
  expect(edgesOf('a cell has 2 walls', 'a cell has 3 walls')).toEqual(['1 supports 0'])
  expect(edgesOf('a cell holds more than a wall', 'a cell holds less than a wall')).toEqual(['1 supports 0'])
})

test('a fact and its denial contradict each other', () => {
  expect(edgesOf('a whale is a fish', 'a whale is not a fish')).toEqual(['1 contradicts 0'])
  expect(edgesOf('Estonia borders the sea', 'Estonia does not border the sea')).toEqual(['1 contradicts 0'])
})

test('what says more of the same definition refines it', () => {
  expect(
    edgesOf(
      'Heat is the transfer of energy.',
      'Heat is the transfer of energy due to a temperature difference.',
    ),
  ).toEqual(['1 refines 0'])
})

test('a need and a cause tie the fact on what is needed or caused', () => {
  expect(edgesOf('rusting requires oxygen', 'oxygen is a kind of gas')).toEqual(['0 depends_on 1'])
  expect(edgesOf('friction causes heat', 'heat is a kind of energy')).toEqual(['0 causes 1'])
})

test('of facts on one named concept only the first is tied, the others are about it', () => {
  expect(keptOf('rusting requires oxygen', 'oxygen is a kind of gas', 'oxygen is a kind of element')).toEqual(
    [0, 1],
  )
})

test('facts that explain each other in a circle keep no circle of refines', () => {
  expect(edgesOf('a bix is a kind of dax', 'a dax is a kind of wug', 'a wug is a kind of bix')).toEqual([
    '0 refines 1',
    '2 refines 0',
  ])
})

test('facts about nothing in common leave the seed alone', () => {
  const { members, dropped } = structure('something is required', 'it is hot')
  expect(members.map(({ i }) => i)).toEqual([0])
  expect(dropped[0]?.reason).toMatch(/^names no concept of its own/u)
})
