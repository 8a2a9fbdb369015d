/** Thread entry of PassX_link: reads shares of the texts until none is left. Loaded by URL, never imported. */
import { workerData } from 'piscina'
import { openDb } from '../db/open.ts'
import { corpusTexts } from '../db/queries/corpus-texts.ts'
import { asFailure } from '../schemas/as-failure.ts'
import type { TextOutcome, TextShares } from '../src/control/merge/read-texts-in-threads.ts'
import { openTextJob } from '../src/passes/60-x-link/read-texts.ts'
import { NO_PROFILER, type Profiler, startProfiler } from '../src/profile/profiler.ts'

/** A class that is thrown here arrives without its name, code and fields; so failures are returned as data. */
export default function textWorker(): TextOutcome {
  const shares = workerData as TextShares
  const profiler = shares.isProfiled ? startProfiler() : NO_PROFILER
  try {
    profiler.time('texts, in threads', () => readShares(shares, profiler))
    return { failure: null, profile: profiler.end() }
  } catch (cause) {
    return { failure: asFailure(cause), profile: null }
  }
}

function readShares({ corpusPath, lastNo, factsPerShare, next, job }: TextShares, profiler: Profiler): void {
  const corpus = openDb(corpusPath, 'corpus', { mode: 'read' })
  profiler.watch(corpus)
  try {
    const texts = corpusTexts(corpus, 'main')
    // The texts come from front to back; no page is asked for twice.
    corpus.pragma('cache_size = -2048')
    const reader = openTextJob(job)
    for (;;) {
      const after = Atomics.add(next, 0, 1) * factsPerShare
      if (after >= lastNo) return
      for (const { factId, text } of texts.between(after, after + factsPerShare)) reader.read(factId, text)
    }
  } finally {
    corpus.close()
  }
}
