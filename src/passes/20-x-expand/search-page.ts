/** Fills the rows of a page of facts: the unit of work that a thread is given. */
import type { NeighbourIndex } from './neighbour-index.ts'
import type { NeighbourLists } from './neighbour-lists.ts'
import { createSearch, type IndexPart, type SearchSettings } from './search-neighbours.ts'

/** Everything that a thread needs, all of it plain data and shared memory. */
export interface SearchJob {
  readonly index: NeighbourIndex
  readonly settings: SearchSettings
  readonly part: IndexPart
  /** The facts to ask for, by rank; null for all facts that are to be covered. */
  readonly asked: Uint32Array | null
  /** Whether a row stands at the rank of its fact, or at its place in `asked`. */
  readonly rowsStandAt: 'rank' | 'place'
  readonly lists: NeighbourLists
}

/** Places `from` to `to`, exclusive, of `asked`. */
export interface SearchPage {
  readonly from: number
  readonly to: number
}

export function createPageSearch(job: SearchJob): (page: SearchPage) => void {
  const { index, settings, part, asked, rowsStandAt, lists } = job
  const search = createSearch(index, settings)
  return ({ from, to }) => {
    for (let place = from; place < to; place++) {
      const rank = asked === null ? place : asked[place]!
      const found = search(rank, part)
      const row = (rowsStandAt === 'rank' ? rank : place) * lists.neighbourCount
      lists.ranks.set(found.ranks, row)
      lists.scores.set(found.scores, row)
    }
  }
}
