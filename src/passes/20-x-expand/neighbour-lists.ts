/** The neighbour lists of a set of facts, one row of `neighbourCount` places a fact, best first. */
import { sharedUint16, sharedUint32 } from './neighbour-index.ts'

export interface NeighbourLists {
  readonly neighbourCount: number
  /** One more than a neighbour's rank; 0 where the row has no more, so that memory nobody writes stays untouched. */
  readonly ranks: Uint32Array
  readonly scores: Uint16Array
}

export const makeLists = (rowCount: number, neighbourCount: number): NeighbourLists => ({
  neighbourCount,
  ranks: sharedUint32(rowCount * neighbourCount),
  scores: sharedUint16(rowCount * neighbourCount),
})
