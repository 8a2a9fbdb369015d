/** Reads the texts of a corpus for links in several threads, each with a connection of its own. */
import { Piscina } from 'piscina'
import type { Db } from '../../../db/open.ts'
import { corpusTexts } from '../../../db/queries/corpus-texts.ts'
import { attachedPath } from '../../../db/queries/field-raw.ts'
import { type Failure, RffError } from '../../../schemas/failure.ts'
import { workerFile } from '../../../workers/worker-file.ts'
import type { ReadTexts } from '../../passes/60-x-link/link-indexes.ts'
import { type TextJob, type TextTally, textJobOf, unitedTally } from '../../passes/60-x-link/read-texts.ts'

/** What a thread is given; it takes one share after another until none is left. */
export interface TextShares {
  readonly corpusPath: string
  readonly lastNo: number
  readonly factsPerShare: number
  /** The number of the next share, in memory that all threads see. */
  readonly next: Int32Array
  readonly job: TextJob
}

export type TextOutcome = { readonly tally: TextTally } | { readonly failure: Failure }

/** Below, what each thread compiles and copies for itself is a third of the work; see docs/decisions/0190. */
const FACTS_WORTH_THREADS = 300_000
/** Each has a table of rare terms of its own, 88 MB. */
const MOST_THREADS = 4
const FACTS_PER_SHARE = 10_000

/** A thread cannot load TypeScript, so the program's sources read in the thread they run in. */
const isCompiled = import.meta.url.endsWith('.js')

/**
 * @param corpusSchema under which the corpus is attached to `db`
 * @returns undefined where one thread reads them as fast
 */
export function readTextsInThreads(db: Db, corpusSchema: string, threads: number): ReadTexts | undefined {
  const lastNo = corpusTexts(db, corpusSchema).lastNo()
  const threadCount = Math.min(threads, MOST_THREADS)
  if (threadCount < 2 || lastNo < FACTS_WORTH_THREADS || !isCompiled) return undefined
  const corpusPath = attachedPath(db, corpusSchema)
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  return async (indexes) => {
    const job = textJobOf(indexes)
    const shares: TextShares = { corpusPath, lastNo, factsPerShare: FACTS_PER_SHARE, next, job }
    const outcomes = await inThreads(shares, threadCount)
    return unitedTally(outcomes.map((outcome) => tallyOf(outcome, corpusPath)))
  }
}

async function inThreads(shares: TextShares, threadCount: number): Promise<TextOutcome[]> {
  const pool = new Piscina<undefined, TextOutcome>({
    filename: workerFile('text'),
    minThreads: threadCount,
    maxThreads: threadCount,
    workerData: shares,
  })
  try {
    return await Promise.all(Array.from({ length: threadCount }, () => pool.run(undefined)))
  } finally {
    await pool.destroy()
  }
}

function tallyOf(outcome: TextOutcome, corpusPath: string): TextTally {
  if ('tally' in outcome) return outcome.tally
  const { code, message } = outcome.failure
  throw new RffError(code, `${corpusPath}: ${message}`)
}
