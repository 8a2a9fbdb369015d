/** Reads the texts of a corpus for links in several threads, each with a connection of its own. */
import { Piscina } from 'piscina'
import type { Db } from '../../../db/open.ts'
import { corpusTexts } from '../../../db/queries/corpus-texts.ts'
import { attachedPath } from '../../../db/queries/field-raw.ts'
import { type Failure, RffError } from '../../../schemas/failure.ts'
import type { Profile } from '../../../schemas/profile.ts'
import { workerFile } from '../../../workers/worker-file.ts'
import type { ReadTexts } from '../../passes/60-x-link/link-indexes.ts'
import { type TextJob, textJobOf } from '../../passes/60-x-link/read-texts.ts'
import { NO_PROFILER } from '../../profile/profiler.ts'

/** What a thread is given; it takes one share after another until none is left. */
export interface TextShares {
  readonly corpusPath: string
  readonly lastNo: number
  readonly factsPerShare: number
  /** The number of the next share, in memory that all threads see. */
  readonly next: Int32Array
  readonly job: TextJob
  readonly isProfiled: boolean
}

/** What a thread says in the end: why it could not go on, or null, and where its time went. */
export interface TextOutcome {
  readonly failure: Failure | null
  readonly profile: Profile | null
}

/** Below, what each thread compiles and copies for itself is a third of the work; see docs/decisions/0190. */
const FACTS_WORTH_THREADS = 300_000
/** Each has a copy of all words and a heap of its own. */
const MOST_THREADS = 4
const FACTS_PER_SHARE = 10_000

/** A thread cannot load TypeScript, so the program's sources read in the thread they run in. */
const isCompiled = import.meta.url.endsWith('.js')

/**
 * @param corpusSchema under which the corpus is attached to `db`
 * @returns undefined where one thread reads them as fast
 */
export function readTextsInThreads(
  db: Db,
  corpusSchema: string,
  threads: number,
  profiler = NO_PROFILER,
): ReadTexts | undefined {
  const lastNo = corpusTexts(db, corpusSchema).lastNo()
  const threadCount = Math.min(threads, MOST_THREADS)
  if (threadCount < 2 || lastNo < FACTS_WORTH_THREADS || !isCompiled) return undefined
  const corpusPath = attachedPath(db, corpusSchema)
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  return async (indexes, tally) => {
    const job = textJobOf(indexes, tally)
    const isProfiled = profiler.isMeasuring
    const shares: TextShares = { corpusPath, lastNo, factsPerShare: FACTS_PER_SHARE, next, job, isProfiled }
    const outcomes = await inThreads(shares, threadCount)
    for (const { failure, profile } of outcomes) {
      if (failure !== null) throw new RffError(failure.code, `${corpusPath}: ${failure.message}`)
      profiler.adopt(profile)
    }
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
