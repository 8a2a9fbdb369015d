/** Each fact's terms turned round: each term's holders. */
import { type NeighbourIndex, sharedUint32, TIMES_BITS, TIMES_MASK } from './neighbour-index.ts'

type PlacedFacts = Pick<NeighbourIndex, 'factCount' | 'factStart' | 'factLength' | 'factTerms'>

/** Facts are walked by rank, so each term's holders come out ascending. */
export function postHolders(
  { factCount, factStart, factLength, factTerms }: PlacedFacts,
  termCount: number,
): Pick<NeighbourIndex, 'termStart' | 'postings'> {
  const termStart = sharedUint32(termCount + 1)
  const next = new Uint32Array(termCount + 1)
  // A long fact's commonest terms were cut, so the holders that are left are counted again.
  for (let rank = 0; rank < factCount; rank++) {
    const end = factStart[rank]! + factLength[rank]!
    for (let at = factStart[rank]!; at < end; at++) next[(factTerms[at]! >>> TIMES_BITS) + 1]!++
  }
  for (let term = 1; term <= termCount; term++) next[term]! += next[term - 1]!
  termStart.set(next)
  const postings = sharedUint32(termStart[termCount]!)
  for (let rank = 0; rank < factCount; rank++) {
    const end = factStart[rank]! + factLength[rank]!
    for (let at = factStart[rank]!; at < end; at++) {
      const held = factTerms[at]!
      postings[next[held >>> TIMES_BITS]!++] = (rank << TIMES_BITS) | (held & TIMES_MASK)
    }
  }
  return { termStart, postings }
}
