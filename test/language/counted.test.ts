import { expect, test } from 'vitest'
import { count, isOrAre, plural } from '../../src/language/counted.ts'

test.each([
  [0, '0 clusters are'],
  [1, '1 cluster is'],
  [2, '2 clusters are'],
  [1_234_567, '1,234,567 clusters are'],
])('%d is told with its noun and verb', (n, told) => {
  expect(`${plural(n, 'cluster')} ${isOrAre(n)}`).toBe(told)
})

test('another plural than with an s is given', () => {
  expect([plural(1, 'batch', 'batches'), plural(3, 'batch', 'batches')]).toEqual(['1 batch', '3 batches'])
})

test('a mean is rounded, and digits behind the point are not grouped', () => {
  expect(count(1_999.6)).toBe('2,000')
})
