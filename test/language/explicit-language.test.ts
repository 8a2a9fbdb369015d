import { expect, test } from 'vitest'
import { saysContradiction, saysDependency } from '../../src/language/explicit-language.ts'

test.each([
  'Entropy never decreases.',
  'Whales are not fish.',
  'Whales aren’t fish.',
  'A scalar has no direction.',
  'The claim was refuted by later trials.',
  'It is a common misconception that glass flows.',
  'Unlike metals, glass is brittle.',
  'The drug failed to lower blood pressure.',
  'This contradicts the second law.',
])('%j denies something', (text) => {
  expect(saysContradiction(text)).toBe(true)
})

test.each([
  'Whales are mammals.',
  'The number is no more than five.',
  'It is not only fast but also cheap.',
  'Glass is brittle, but strong.',
  'A knot is a tangle.',
  'The northern lights are bright.',
  'Notation matters.',
])('%j denies nothing', (text) => {
  expect(saysContradiction(text)).toBe(false)
})

test.each([
  'Photosynthesis requires light.',
  'The period depends only on the length.',
  'Oxygen is necessary for combustion.',
  'Plants need water.',
  'Equality holds if and only if the vectors are parallel.',
  'Fire cannot burn without oxygen.',
  'The theorem relies on the axiom of choice.',
  'It holds provided that the mass is constant.',
])('%j says a need', (text) => {
  expect(saysDependency(text)).toBe(true)
})

test.each([
  'Photosynthesis makes sugar.',
  'The independent variable is time.',
  'Water freezes if it is cold.',
  'The road was wet because it rained.',
  'A needle is thin.',
  'Coffee without sugar is bitter.',
])('%j says no need', (text) => {
  expect(saysDependency(text)).toBe(false)
})
