import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadHashBytes, loadHashKey, toKey } from '../../shards/hash-key.ts'

test('the smallest hash is the smallest key and the largest the largest', () => {
  expect(toKey(0n)).toBe(-(2n ** 63n))
  expect(toKey(2n ** 63n)).toBe(0n)
  expect(toKey(2n ** 64n - 1n)).toBe(2n ** 63n - 1n)
})

test('the signed order of keys is the unsigned order of hashes', () => {
  const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  fc.assert(fc.property(hash, hash, (a, b) => a < b === toKey(a) < toKey(b)))
})

test('a key is the reference xxh64 of the id with its top bit flipped', async () => {
  const hashKey = await loadHashKey()
  // Values of the reference implementation for seed 0.
  expect(hashKey('')).toBe(BigInt.asIntN(64, 0xef46db3751d8e999n ^ (1n << 63n)))
  expect(hashKey('abc')).toBe(BigInt.asIntN(64, 0x44bc2cf5ad770999n ^ (1n << 63n)))
})

test('an id has one key, from its text and from its bytes, also beyond ASCII', async () => {
  const [ofText, ofBytes] = await Promise.all([loadHashKey(), loadHashBytes()])
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (id) => ofText(id) === ofBytes(Buffer.from(id))))
  expect(ofText('Gr\u00f6\u00dfe')).not.toBe(ofText('Gro\u0308\u00dfe'))
})
