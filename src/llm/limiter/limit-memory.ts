/** What a limiter works on: the words of its limit, shared as far as they go, and the places of its own process. */
import { type KnownLimits, wordsToBeginWith } from './limit-words.ts'
import { placesWords } from './places.ts'

export interface LimitMemory {
  /** Up to date, and kept, only inside `exclusively`. */
  readonly words: BigInt64Array
  /** Of placesWords: shared by the threads of this process, each word changed by one atomic step. */
  readonly places: SharedArrayBuffer
  /** Nobody else works on the words meanwhile; `act` must be quick, and wait for nothing. */
  exclusively<T>(act: () => T): T
}

/** For one thread alone, or several limiters in it. */
export function memoryOfThisThread(known: KnownLimits & { readonly mostInFlight: number }): LimitMemory {
  const words = wordsToBeginWith(null, known, 0n)
  return { words, places: placesWords(known.mostInFlight), exclusively: (act) => act() }
}
