import { expect, test } from 'vitest'
import { readFact } from '../../../src/llm/rules/read-fact.ts'

const read = (text: string) => readFact({ i: 0, domain: 'd', text })
const headOf = (text: string) => read(text).head?.name ?? null
const claimsOf = (text: string) =>
  read(text).claims.map(({ relType, direction, term }) => `${direction} ${relType} ${term.name}`)

test.each([
  ['A planet is a body that orbits a star.', 'planet'],
  ['Gamma decay: type of radioactive decay in which a nucleus emits a gamma particle.', 'Gamma decay'],
  ['To travel (also trip) means to make a trip for pleasure.', 'To travel'],
  ['all living things require energy', 'living things'],
  ['living things all require energy', 'living things'],
  ['a leaf absorbs sunlight', 'leaf'],
  ['a phase change is when matter changes state', 'phase change'],
  ['if the lid of a container expands then it opens', 'lid of a container'],
  ['In the water cycle , condensation always follows transpiration', 'condensation'],
  ['a star that is hot emits light', 'star'],
  ['An example of a contact force is friction', 'friction'],
  ['Closure of a group operation.', 'Closure of a group operation'],
  ['There is a bijection between the two sets.', 'bijection'],
  ['One of the laws of motion describes inertia.', 'laws of motion'],
  ['Property of being a unit of a ring. A unit is an element.', 'Property of being a unit of a ring'],
  ['Properties showing that an element is the identity element of a group.', 'Properties'],
  ['Although light is a wave, it has momentum.', 'light'],
])('the head of "%s" is "%s"', (text, head) => {
  expect(headOf(text)).toBe(head)
})

test.each(['something is required', 'it is hot', 'if someone runs then someone moves', '...', '!'])(
  '"%s" names no concept',
  (text) => expect(headOf(text)).toBeNull(),
)

test.each([
  'Properties showing that an element is the identity element of a group.',
  'Property of being a unit of a ring. A unit is an element.',
])('the verb of a clause or of the next sentence says nothing of the title in "%s"', (text) =>
  expect(claimsOf(text)).toEqual([]),
)

test('two subjects in one sentence are heads of their own', () => {
  const { head, otherHeads } = read('silicate, basalt, and granite are kinds of materials')
  expect([head, ...otherHeads].map((term) => term?.name)).toEqual(['silicate', 'basalt', 'granite'])
})

test.each([
  ['Patty (also cake, pat): small flat mass of chopped food.', ['cake', 'pat']],
  ['Sievert (Sv): SI equivalent of the rem.', ['Sv']],
  ['To travel (also trip) means to make a trip.', ['to trip']],
  ['Salt, also known as sodium chloride, is a mineral.', ['sodium chloride']],
  ['Bach (1685) is a composer.', []],
  ['Campbell is an actor (also a director).', []],
])('the aliases in "%s" are %j', (text, aliases) => {
  expect(read(text).aliases.map(({ name }) => name)).toEqual(aliases)
})

test.each([
  [
    'Frogmouth: insectivorous bird of Australia having a wide mouth.',
    ['out refines insectivorous bird', 'out refines bird'],
  ],
  ['Snowbell: small tree native to Japan.', ['out refines tree']],
  ['Ninja is someone who fights.', ['out refines person']],
  ['Giggle is a foolish or nervous laugh.', ['out refines nervous laugh', 'out refines laugh']],
  ['sandstone is a kind of sedimentary rock', ['out refines sedimentary rock', 'out refines rock']],
  ['To amble means to walk slowly.', ['out refines to walk']],
  ['rhino means rhinoceros', ['out same_as rhinoceros']],
  ['An example of a contact force is friction', ['out refines contact force']],
])('the genus in "%s" is read', (text, expected) => {
  for (const claim of expected) expect(claimsOf(text)).toContain(claim)
})

test.each([
  ['chloroplast is a part of a plant cell', 'out part_of plant cell'],
  ['a galaxy contains dust; stars; planets', 'in part_of stars'],
  ['substances are made of molecules', 'in part_of molecules'],
  ['cutting an object requires mechanical force', 'out depends_on mechanical force'],
  ['food is required for survival', 'in depends_on survival'],
  ['emitting sulfur dioxide causes acid rain', 'out causes acid rain'],
  ['rust is caused by water', 'in causes water'],
  ['To seat means to cause to sit.', 'out causes to sit'],
  ['larger is the opposite of smaller', 'out contradicts smaller'],
  ['Nonrandom describes something not random.', 'out contradicts random'],
  ['a whale is not a fish', 'out contradicts fish'],
])('"%s" says "%s"', (text, claim) => {
  expect(claimsOf(text)).toContain(claim)
})

test.each([
  'water flows downhill',
  'Efficiently means in an efficient manner.',
  'a whale does not require gills',
  'a stone is not part of a plant',
  'exercise has a positive impact on health',
])('"%s" says nothing of another concept', (text) => {
  expect(claimsOf(text)).toEqual([])
})

test('nothing a fact says is about its own head', () => {
  expect(claimsOf('A dog is a dog that barks.')).toEqual([])
})
