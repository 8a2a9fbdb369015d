/** Words and the clusters that said them. A cluster that says a word twice counts once. */
export class Ballot {
  readonly #voters = new Map<string, Set<string>>()

  vote(word: string, clusterId: string): void {
    const voters = this.#voters.get(word)
    if (voters === undefined) this.#voters.set(word, new Set([clusterId]))
    else voters.add(clusterId)
  }

  isEmpty(): boolean {
    return this.#voters.size === 0
  }

  /** Distinct clusters over all words. */
  voterCount(): number {
    const [first, ...others] = this.#voters.values()
    if (first === undefined || others.length === 0) return first?.size ?? 0
    return new Set([...first, ...others.flatMap((voters) => [...voters])]).size
  }

  /** The word of most clusters; of equals the smaller one. The ballot must not be empty. */
  winner(): string {
    return this.#best((word) => word)
  }

  /** The word of most clusters; of equals the one that the smallest cluster id voted for. */
  winnerOfFirstVoter(): string {
    return this.#best((word, voters) => `${smallest(voters)}\0${word}`)
  }

  #best(tieOf: (word: string, voters: ReadonlySet<string>) => string): string {
    let best: { word: string; count: number; tie: string } | undefined
    for (const [word, voters] of this.#voters) {
      const tie = tieOf(word, voters)
      const isBetter =
        best === undefined || voters.size > best.count || (voters.size === best.count && tie < best.tie)
      if (isBetter) best = { word, count: voters.size, tie }
    }
    return best!.word
  }
}

function smallest(words: ReadonlySet<string>): string {
  let least: string | undefined
  for (const word of words) if (least === undefined || word < least) least = word
  return least!
}
