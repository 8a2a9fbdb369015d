import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bitsOf,
  bitWidth,
  bytesOf,
  cosineOf,
  floatsOf,
  meanOf,
} from '../../../src/field/search/vector-bits.ts'

const vectors = fc.float32Array({
  minLength: 1,
  maxLength: 40,
  noNaN: true,
  noDefaultInfinity: true,
  min: -1,
  max: 1,
})

test('numbers come back from their bytes as they were, wherever the bytes lie', () => {
  fc.assert(
    fc.property(vectors, (vector) => {
      const moved = Buffer.concat([Buffer.alloc(1), bytesOf(vector)]).subarray(1)
      expect(floatsOf(moved)).toEqual(vector)
    }),
  )
})

test('a bit says on which side of the mean its dimension lies, and the width is of whole bytes', () => {
  const mean = Float32Array.of(0.5, 0, -0.5)
  expect([...bitsOf(Float32Array.of(0.6, -0.8, 0), mean)]).toEqual([0b101])
  expect([8, 9, 1536].map(bitWidth)).toEqual([8, 16, 1536])
})

test('length says nothing: a vector and its double have the same bits, mean and angle', () => {
  const [a, b] = [Float32Array.of(3, 4), Float32Array.of(6, 8)]
  const mean = meanOf([a, Float32Array.of(0, 1)], 2)
  expect(bitsOf(a, mean)).toEqual(bitsOf(b, mean))
  expect(meanOf([b, Float32Array.of(0, 5)], 2)).toEqual(mean)
  expect(cosineOf(a, b)).toBeCloseTo(1, 12)
})
