/** One block of records into the corpus: facts, refused lines, counters and cursor in one transaction. */
import type { Db } from '../../../db/open.ts'
import { type FactRow, factQueries, type InputPlace } from '../../../db/queries/facts.ts'
import { inputQueries, type LineCounts } from '../../../db/queries/inputs.ts'
import { refusedQueries } from '../../../db/queries/refused.ts'
import type { Failure } from '../../../schemas/failure.ts'
import type { HashKey } from '../../../shards/hash-key.ts'
import { type AcceptRules, type Arrival, acceptRecord } from '../../passes/10-plan/accept-line.ts'
import { judgeArrival, type Verdict } from '../../passes/10-plan/judge-arrival.ts'
import { contentOf, excerptOf, type RawRecord } from '../../passes/10-plan/raw-record.ts'
import { DOMAIN } from '../../passes/10-plan/scan-line.ts'
import { type FactBook, openFactBook } from './fact-book.ts'
import { type Block, isScannedBlock, recordAt, recordCount } from './read-blocks.ts'
import { FIELDS_AT, isPlain, type ScannedBlock, SPAN_WORDS, textOf } from './scan-block.ts'

export interface SettleRules extends AcceptRules {
  readonly planNo: number
  /** Inputs of this plan have this number or a larger one. */
  readonly firstInputNo: number
  /** Facts of other domains are counted as filtered; null takes all. */
  readonly domains: ReadonlySet<string> | null
}

type Counter = keyof LineCounts
type Counts = Record<Counter, number>

export interface BlockSettler {
  /** Settles the records of a block of an input, at least one, and moves its cursor to the last of them. */
  settle(inputNo: number, block: Block): void
  /** Whether it is worth its while that plain facts come as bytes. */
  readonly takesBytes: boolean
  close(): void
}

export function blockSettler(db: Db, rules: SettleRules, hashKey: HashKey): BlockSettler {
  const inputs = inputQueries(db)
  const refused = refusedQueries(db)
  const book = openFactBook(db, hashKey)
  const settleRecord = recordSettler(db, rules, book)
  const addBytes = bytesAdder(rules, book)

  function settleCounted(inputNo: number, record: RawRecord, counts: Counts): void {
    const settled = settleRecord(inputNo, record)
    if (typeof settled === 'string') {
      counts[settled] += 1
      return
    }
    counts.refused += 1
    const { byteOffset, lineNumber } = record
    const excerpt = excerptOf(contentOf(record))
    refused.insert(inputNo, { ...settled, byteOffset, lineNumber, excerpt })
  }

  const settleAll = db.transaction((inputNo: number, block: Block) => {
    const counts = { added: 0, changed: 0, removed: 0, known: 0, repeated: 0, filtered: 0, refused: 0 }
    const count = recordCount(block)
    for (let number = 0; number < count; number++) {
      if (isScannedBlock(block) && addBytes(inputNo, block, number)) counts.added += 1
      else settleCounted(inputNo, recordAt(block, number), counts)
    }
    book.store()
    const last = recordAt(block, count - 1)
    inputs.advance(inputNo, counts, { ...last, hash: hashKey(contentOf(last)) })
  })
  return {
    takesBytes: book.insertBytes !== null,
    settle(inputNo, block) {
      try {
        settleAll.immediate(inputNo, block)
      } finally {
        book.release()
      }
    },
    close: book.close,
  }
}

/** @returns adds a plain fact that is new and asked for; false for every other record, which has to be looked at */
function bytesAdder({ domains }: SettleRules, { insertBytes }: FactBook) {
  return (inputNo: number, block: ScannedBlock, number: number): boolean => {
    if (insertBytes === null || !isPlain(block, number)) return false
    const { bytes, spans, keyHalves, places } = block
    const at = number * SPAN_WORDS + FIELDS_AT
    if (domains?.has(textOf(bytes, spans, at + DOMAIN)) === false) return false
    const [keyLow, keyHigh] = [keyHalves[2 * number]!, keyHalves[2 * number + 1]!]
    const [byteOffset, lineNumber] = [places[2 * number]!, places[2 * number + 1]!]
    return insertBytes({ bytes, spans, at, keyHigh, keyLow, inputNo, byteOffset, lineNumber })
  }
}

/** @returns the counter that a record ends in, or why it is refused */
function recordSettler(db: Db, rules: SettleRules, book: FactBook) {
  const facts = factQueries(db)
  const inputs = inputQueries(db)

  function settleKnown(known: FactRow | undefined, arrival: Arrival, place: InputPlace): Counter | Failure {
    const isOfThisPlan = known !== undefined && known.inputNo >= rules.firstInputNo
    const judged = judgeArrival(known, arrival, isOfThisPlan)
    if (!judged.ok) return known === undefined ? judged.failure : withPlace(judged.failure, known)
    if (known !== undefined && !isOfThisPlan) write(known.factNo, judged.value, arrival, place)
    return judged.value.counter
  }

  function write(factNo: number, verdict: Verdict, arrival: Arrival, place: InputPlace): void {
    if (arrival.kind === 'removal') facts.remove(factNo, place)
    else if (verdict.counter === 'known') facts.markSeen(factNo, arrival.fact, place)
    else facts.rewrite(factNo, arrival.fact, place)
    if (verdict.touch !== null) facts.touch(rules.planNo, factNo, verdict.touch)
  }

  /** A person has to find the two records, so the message leads to the other one. */
  const withPlace = (failure: Failure, { factId, inputNo, lineNumber, byteOffset }: FactRow): Failure => ({
    ...failure,
    message:
      `${JSON.stringify(factId)} has other content in ${inputs.path(inputNo)}, ` +
      `line ${lineNumber}, byte ${byteOffset}`,
  })

  return (inputNo: number, record: RawRecord): Counter | Failure => {
    const accepted = acceptRecord(record, rules)
    if (!accepted.ok) return accepted.failure
    const arrival = accepted.value
    const place = { inputNo, byteOffset: record.byteOffset, lineNumber: record.lineNumber }
    if (arrival.kind === 'removal') return settleKnown(book.find(arrival.factId), arrival, place)
    const { fact } = arrival
    if (rules.domains?.has(fact.domain) === false) return 'filtered'
    if (book.insert(fact, place)) return 'added'
    return settleKnown(book.find(fact.factId), arrival, place)
  }
}
