/**
 * How an arriving fact is looked up and stored. The index on ids answers in a later plan. A first plan builds its
 * indexes at the end (see deferFactIndexes), and until then a table of keys in memory answers: ids come in any order,
 * and an index that is kept up to date row by row would write most of its pages again with every block.
 */

import type { Db } from '../../../db/open.ts'
import { type ArrivingFact, arrivingFacts } from '../../../db/queries/arriving-facts.ts'
import { areFactIndexesDeferred } from '../../../db/queries/deferred-indexes.ts'
import { type FactRow, factQueries, type InputPlace } from '../../../db/queries/facts.ts'
import type { Fact } from '../../../schemas/fact.ts'
import type { HashKey } from '../../../shards/hash-key.ts'
import { factEncoder, factOf, idOf } from './fact-bytes.ts'
import { KeyTable } from './key-table.ts'

export interface FactBook {
  /** @returns whether the id was new; the row of a known id is left as it is */
  insert(fact: Fact, place: InputPlace): boolean
  /** The same of a fact as bytes, which stay as they are until the block is stored; null where nobody takes those. */
  readonly insertBytes: ((fact: ArrivingFact) => boolean) | null
  find(factId: string): FactRow | undefined
  /** What is not in the corpus yet; within the transaction of a block, as its last deed. */
  store(): void
  /** After that transaction, however it ended. */
  release(): void
  close(): void
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
    insertBytes: null,
    store: () => undefined,
    release: () => undefined,
    close: () => undefined,
  }
}

/** Loads what a broken-off first plan has written. */
function bookInMemory(corpus: Db, hashKey: HashKey): FactBook {
  const facts = factQueries(corpus)
  const arriving = arrivingFacts(corpus)
  const encode = factEncoder()
  const table = new KeyTable()
  for (const { factNo, key } of facts.keys()) table.add(key, Number(factNo))
  let storedThrough = facts.lastFactNo()
  /** The numbers behind the stored ones, without a gap. */
  let waiting: ArrivingFact[] = []
  /** Of those: too long for the way of the others, or too many. */
  let apart: number[] = []

  const at = (factNo: number): FactRow | undefined => {
    const found = waiting[factNo - storedThrough - 1]
    if (found === undefined) return facts.at(factNo)
    const { inputNo, byteOffset, lineNumber } = found
    return { factNo, ...factOf(found), inputNo, byteOffset, lineNumber, state: 'live' }
  }
  const insertBytes = (fact: ArrivingFact): boolean => {
    const isSame = (factNo: number): boolean => at(factNo)?.factId === idOf(fact)
    if (table.findHalves(fact.keyHigh, fact.keyLow, isSame) !== undefined) return false
    const factNo = storedThrough + waiting.push(fact)
    table.addHalves(fact.keyHigh, fact.keyLow, factNo)
    if (!arriving.add(factNo, fact)) apart.push(factNo)
    return true
  }
  return {
    find(factId) {
      const factNo = table.find(hashKey(factId), (candidate) => at(candidate)?.factId === factId)
      return factNo === undefined ? undefined : at(factNo)
    },
    insert: (fact, place) => insertBytes(encode(fact, hashKey(fact.factId), place)),
    insertBytes,
    store() {
      arriving.store()
      for (const factNo of apart) {
        const row = at(factNo)!
        facts.insert(row, hashKey(row.factId), row, factNo)
      }
      storedThrough += waiting.length
      waiting = []
      apart = []
    },
    release: arriving.release,
    close: arriving.close,
  }
}
