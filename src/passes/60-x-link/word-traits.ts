import type { TextNumbers } from '../../language/text-numbers.ts'

/** What follows from a word alone, worked out once: four bytes a word. */
export interface WordTraits {
  of(wordNo: number): number
}

/** @param traitOf an integer from -1 up */
export function createWordTraits(words: TextNumbers, traitOf: (word: string) => number): WordTraits {
  let traits = new Uint32Array(1 << 12) // plus two, so that zero is not worked out yet
  return {
    of(wordNo) {
      if (wordNo >= traits.length) {
        const more = new Uint32Array(Math.max(traits.length * 2, wordNo + 1))
        more.set(traits)
        traits = more
      }
      const known = traits[wordNo]!
      if (known !== 0) return known - 2
      const trait = traitOf(words.at(wordNo))
      traits[wordNo] = trait + 2
      return trait
    },
  }
}
