interface Candidate {
  readonly word: string
  readonly voters: Set<string>
  leastVoter: string
}

/** Words and the clusters that said them. A cluster that says a word twice counts once. */
export class Ballot {
  readonly #candidates = new Map<string, Candidate>()

  vote(word: string, clusterId: string): void {
    const candidate = this.#candidates.get(word)
    if (candidate === undefined) {
      this.#candidates.set(word, { word, voters: new Set([clusterId]), leastVoter: clusterId })
      return
    }
    candidate.voters.add(clusterId)
    if (clusterId < candidate.leastVoter) candidate.leastVoter = clusterId
  }

  isEmpty(): boolean {
    return this.#candidates.size === 0
  }

  /** Distinct clusters over all words. */
  voterCount(): number {
    const [first, ...others] = this.#candidates.values()
    if (first === undefined || others.length === 0) return first?.voters.size ?? 0
    return new Set([...first.voters, ...others.flatMap(({ voters }) => [...voters])]).size
  }

  /** The word of most clusters; of equals the smaller one. The ballot must not be empty. */
  winner(): string {
    return this.#best((a, b) => a.word < b.word)
  }

  /** The word of most clusters; of equals the one that the smallest cluster id voted for, then the smaller one. */
  winnerOfFirstVoter(): string {
    return this.#best((a, b) =>
      a.leastVoter === b.leastVoter ? a.word < b.word : a.leastVoter < b.leastVoter,
    )
  }

  #best(goesFirst: (a: Candidate, b: Candidate) => boolean): string {
    let best: Candidate | undefined
    for (const candidate of this.#candidates.values()) {
      const lead = best === undefined ? 1 : candidate.voters.size - best.voters.size
      if (lead > 0 || (lead === 0 && goesFirst(candidate, best!))) best = candidate
    }
    return best!.word
  }
}
