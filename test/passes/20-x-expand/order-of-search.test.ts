import { expect, test } from 'vitest'
import { makeLists } from '../../../src/passes/20-x-expand/neighbour-lists.ts'
import { orderOfSearch } from '../../../src/passes/20-x-expand/order-of-search.ts'
import { createPageSearch } from '../../../src/passes/20-x-expand/search-page.ts'
import { indexOfTexts } from '../../support/index-of-texts.ts'

const texts = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 'heat flows' : 'glass breaks'))

test('facts that read the same list follow each other, by rank', () => {
  const order = [...orderOfSearch(indexOfTexts(texts), 10)]
  const wordings = order.map((rank) => texts[rank])
  expect(wordings.filter((text, at) => text !== wordings[at - 1])).toHaveLength(2)
  for (const half of [order.slice(0, 20), order.slice(20)])
    expect(half).toEqual(half.toSorted((a, b) => a - b))
  expect(order.toSorted((a, b) => a - b)).toEqual([...texts.keys()])
})

test('facts whose lists are all read whole are kept together by the longest', () => {
  const mixed = ['heat ring', 'glass zero', 'heat flow', 'glass wave', 'heat mass', 'glass body']
  const order = [...orderOfSearch(indexOfTexts(mixed), 1_000)]
  const first = order.map((rank) => mixed[rank]!.split(' ')[0])
  expect(first.filter((word, at) => word !== first[at - 1])).toHaveLength(2)
})

test('the lists are the same in this order and in that of ranks', () => {
  const index = indexOfTexts(texts)
  const settings = { neighbourCount: 3, scoreFloorMillionths: 0, postingsCap: 10 }
  const found = [orderOfSearch(index, 10), Uint32Array.from(texts.keys())].map((asked) => {
    const lists = makeLists(texts.length, 3)
    createPageSearch({ index, settings, part: 'own', asked, rowsStandAt: 'rank', lists })({
      from: 0,
      to: texts.length,
    })
    return lists
  })
  expect(found[0]).toEqual(found[1])
})
