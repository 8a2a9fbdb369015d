/**
 * Fills neighbour lists, in this thread or in several.
 *
 * Each row is written by whoever took its page and depends on nothing but the index, so the lists are the same for
 * any number of threads.
 */
import { setImmediate } from 'node:timers/promises'
import { Piscina } from 'piscina'
import { workerFile } from '../../../workers/worker-file.ts'
import { createPageSearch, type SearchJob, type SearchPage } from '../../passes/20-x-expand/search-page.ts'
import { passX } from '../../passes/20-x-expand/stage.ts'
import { refuseInterrupted } from './read-facts.ts'

interface SearchRun {
  /** 0 and 1 search in the calling thread. */
  readonly threadCount: number
  readonly signal: AbortSignal | undefined
  readonly onPage: (searched: number) => void
}

/** Starting threads takes longer than searching so few. */
const FACTS_WORTH_THREADS = 20_000

/** A thread cannot load TypeScript, so the program's sources search in the thread they run in. */
const isCompiled = import.meta.url.endsWith('.js')

/**
 * @param askedCount rows of the job
 * @throws RffError interrupted
 */
export async function searchNeighbours(job: SearchJob, askedCount: number, run: SearchRun): Promise<void> {
  const pages = pagesOf(askedCount)
  if (run.threadCount > 1 && askedCount >= FACTS_WORTH_THREADS && isCompiled) {
    return searchInThreads(job, pages, run)
  }
  const search = createPageSearch(job)
  for (const page of pages) {
    refuseInterrupted(run.signal)
    search(page)
    run.onPage(page.to)
    await setImmediate()
  }
}

async function searchInThreads(job: SearchJob, pages: Iterator<SearchPage>, run: SearchRun): Promise<void> {
  const pool = new Piscina<SearchPage, void>({
    filename: workerFile('neighbour'),
    minThreads: run.threadCount,
    maxThreads: run.threadCount,
    workerData: job,
  })
  let searched = 0
  const feed = async (): Promise<void> => {
    for (let next = pages.next(); !next.done; next = pages.next()) {
      refuseInterrupted(run.signal)
      await pool.run(next.value)
      searched += next.value.to - next.value.from
      run.onPage(searched)
    }
  }
  try {
    await Promise.all(Array.from({ length: run.threadCount }, feed))
  } finally {
    await pool.destroy()
  }
}

function* pagesOf(askedCount: number): Generator<SearchPage> {
  for (let from = 0; from < askedCount; from += passX.searchFacts) {
    yield { from, to: Math.min(askedCount, from + passX.searchFacts) }
  }
}
