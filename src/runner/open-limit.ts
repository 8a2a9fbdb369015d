/** A thread's door to what all threads and processes share about a limit. */
import { type LimitWords, openLimitWords } from '../../db/queries/limit-words.ts'
import type { SharedLimit } from '../../workers/protocol.ts'
import { machineClock } from '../llm/limiter/clock.ts'
import type { LimitMemory } from '../llm/limiter/limit-memory.ts'
import { WORD_COUNT } from '../llm/limiter/limit-words.ts'
import { Limiter } from '../llm/limiter/limiter.ts'

/** Two lanes of one model, and every shard that this thread works on, stand in one queue. */
const limiters = new WeakMap<SharedArrayBuffer, Limiter>()
const files = new Map<string, LimitWords>()

export function openLimit(limit: SharedLimit): Limiter {
  const known = limiters.get(limit.places) ?? new Limiter(memoryOf(limit), machineClock)
  limiters.set(limit.places, known)
  return known
}

function memoryOf({ file, limitId, places }: SharedLimit): LimitMemory {
  const shared = files.get(file) ?? openLimitWords(file)
  files.set(file, shared)
  const words = new BigInt64Array(WORD_COUNT)
  return { words, places, exclusively: (act) => shared.change(limitId, words, act) }
}
