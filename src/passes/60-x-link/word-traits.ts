/** What follows from a word alone, worked out once: four bytes a word. */
export interface WordTraits {
  of(wordNo: number): number
  /** From now on. */
  set(wordNo: number, trait: number): void
}

/** @param traitOf an integer from -1 up */
export function createWordTraits(traitOf: (wordNo: number) => number): WordTraits {
  let traits = new Uint32Array(1 << 12) // plus two, so that zero is not worked out yet
  const set = (wordNo: number, trait: number): void => {
    if (wordNo >= traits.length) {
      const more = new Uint32Array(Math.max(traits.length * 2, wordNo + 1))
      more.set(traits)
      traits = more
    }
    traits[wordNo] = trait + 2
  }
  return {
    set,
    of(wordNo) {
      const known = wordNo < traits.length ? traits[wordNo]! : 0
      if (known !== 0) return known - 2
      const trait = traitOf(wordNo)
      set(wordNo, trait)
      return trait
    },
  }
}
