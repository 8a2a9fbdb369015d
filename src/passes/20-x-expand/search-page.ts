/** Fills the rows of a page of facts: the unit of work that a thread is given. */
import type { NeighbourIndex } from './neighbour-index.ts'
import type { NeighbourLists } from './neighbour-lists.ts'
import { createSearch, type IndexPart, type SearchSettings } from './search-neighbours.ts'

/** Everything that a thread needs, all of it plain data and shared memory. */
export interface SearchJob {
  readonly index: NeighbourIndex
  readonly settings: SearchSettings
  readonly part: IndexPart
  /** The ranks of the facts to ask for, in the order in which they are searched. */
  readonly asked: Uint32Array
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
      const rank = asked[place]!
      const found = search(rank, part)
      const row = (rowsStandAt === 'rank' ? rank : place) * lists.neighbourCount
      lists.ranks.set(found.ranks, row)
      lists.scores.set(found.scores, row)
    }
  }
}
