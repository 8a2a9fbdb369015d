import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyTable } from '../../../src/control/intake/key-table.ts'

const key = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const any = (): boolean => true

test('it finds what a map finds, however full it gets', () => {
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 300 }), fc.array(key), (added, others) => {
      const table = new KeyTable(2)
      const expected = new Map<bigint, number>()
      for (const [at, one] of added.entries()) {
        table.add(one, at + 1)
        expected.set(one, at + 1)
      }
      for (const one of [...added, ...others]) expect(table.find(one, any)).toBe(expected.get(one))
    }),
  )
})

test('two facts of one key are told apart by whoever asks', () => {
  const table = new KeyTable(4)
  table.add(-5n, 1)
  table.add(-5n, 4_294_967_295)
  expect(table.find(-5n, any)).toBe(1)
  expect(table.find(-5n, (factNo) => factNo !== 1)).toBe(4_294_967_295)
  expect(table.find(-5n, () => false)).toBeUndefined()
})

test('keys that share a slot do not hide each other', () => {
  const table = new KeyTable(8)
  const keys = [1n, 9n, 17n, 2n ** 32n + 1n]
  for (const [at, one] of keys.entries()) table.add(one, at + 1)
  expect(keys.map((one) => table.find(one, any))).toEqual([1, 2, 3, 4])
})

test('a fact costs at most 35 bytes while the table grows', () => {
  const table = new KeyTable()
  for (let factNo = 1; factNo <= 200_000; factNo += 1) {
    table.add(BigInt.asIntN(64, BigInt(factNo) * 0x9e3779b97f4a7c15n), factNo)
  }
  expect(table.byteLength / 200_000).toBeLessThan(35)
})
