/**
 * The best few of what was offered, in order, by insertion: most offers fail the first comparison.
 *
 * Equal scores: the fact that comes next after the asking one in hash order, round the ring. If everybody preferred
 * the smallest hash, a thousand facts of one wording would all name the same twelve and share no cluster.
 */
export class Ranking {
  /** One more than a rank, 0 where there are no more. */
  readonly ranks: Uint32Array
  readonly scores: Uint16Array
  count = 0
  /** What scores less need not be offered. */
  leastScore = 0
  readonly #capacity: number
  #origin = 0
  #size = 1

  constructor(capacity: number) {
    this.#capacity = capacity
    this.ranks = new Uint32Array(capacity)
    this.scores = new Uint16Array(capacity)
  }

  /**
   * @param origin the rank that comes first among equals
   * @param size ranks of the ring
   * @param floor the least score that is taken
   */
  reset(origin: number, size: number, floor: number): void {
    this.ranks.fill(0)
    this.scores.fill(0)
    this.count = 0
    this.leastScore = floor
    this.#origin = origin
    this.#size = size
  }

  offer(rank: number, score: number): void {
    if (score < this.leastScore) return
    const last = this.#capacity - 1
    const isFull = this.count === this.#capacity
    if (isFull && !this.#isBefore(rank, score, last)) return
    const { ranks, scores } = this
    let at = isFull ? last : this.count++
    while (at > 0 && this.#isBefore(rank, score, at - 1)) {
      ranks[at] = ranks[at - 1]!
      scores[at] = scores[at - 1]!
      at--
    }
    ranks[at] = rank + 1
    scores[at] = score
    if (this.count === this.#capacity) this.leastScore = scores[last]!
  }

  #isBefore(rank: number, score: number, at: number): boolean {
    const other = this.scores[at]!
    if (score !== other) return score > other
    return this.#ahead(rank) < this.#ahead(this.ranks[at]! - 1)
  }

  #ahead(rank: number): number {
    return rank >= this.#origin ? rank - this.#origin : rank - this.#origin + this.#size
  }
}
