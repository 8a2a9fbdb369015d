/**
 * How an arriving fact is looked up. The index on ids answers in a later plan. A first plan builds its indexes at the
 * end (see deferFactIndexes), and until then a table of keys in memory answers: ids come in any order, and an index
 * that is kept up to date row by row would write most of its pages again with every block.
 */
import type { Db } from '../../../db/open.ts'
import { areFactIndexesDeferred } from '../../../db/queries/deferred-indexes.ts'
import { type FactRow, factQueries, type InputPlace } from '../../../db/queries/facts.ts'
import type { Fact } from '../../../schemas/fact.ts'
import type { HashKey } from '../../../shards/hash-key.ts'
import { KeyTable } from './key-table.ts'

export interface FactBook {
  /** @returns whether the id was new; the row of a known id is left as it is */
  insert(fact: Fact, place: InputPlace): boolean
  find(factId: string): FactRow | undefined
}

export const openFactBook = (corpus: Db, hashKey: HashKey): FactBook =>
  areFactIndexesDeferred(corpus) ? bookInMemory(corpus, hashKey) : bookByIndex(corpus, hashKey)

function bookByIndex(corpus: Db, hashKey: HashKey): FactBook {
  const facts = factQueries(corpus)
  return {
    find: facts.find,
    insert(fact, place) {
      if (facts.find(fact.factId) !== undefined) return false
      facts.insert(fact, hashKey(fact.factId), place)
      return true
    },
  }
}

/** Loads what a broken-off first plan has written. */
function bookInMemory(corpus: Db, hashKey: HashKey): FactBook {
  const facts = factQueries(corpus)
  const table = new KeyTable()
  for (const { factNo, key } of facts.keys()) table.add(key, Number(factNo))
  const numberOf = (factId: string, key: bigint): number | undefined =>
    table.find(key, (factNo) => facts.at(factNo)?.factId === factId)
  return {
    find(factId) {
      const factNo = numberOf(factId, hashKey(factId))
      return factNo === undefined ? undefined : facts.at(factNo)
    },
    insert(fact, place) {
      const key = hashKey(fact.factId)
      if (numberOf(fact.factId, key) !== undefined) return false
      table.add(key, facts.insert(fact, key, place))
      return true
    },
  }
}
