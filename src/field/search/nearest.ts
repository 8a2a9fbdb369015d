/** Documents near a query's vector: first by bits, over all of them, then the first of those by the true angle. */
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import type { Near } from './fuse.ts'
import type { SearchableField } from './open-search.ts'
import type { VectorIndex } from './open-vectors.ts'
import { bitsOf, cosineOf, floatsOf } from './vector-bits.ts'

/** Of so many that are nearest by bits all of the 50 nearest were found, with vectors of 256 and of 1,536 numbers. */
const BY_BITS_MOST = 200
/** Beyond these, what is nearest says little: there is always something that is. */
const NEAR_MOST = 50

/** @param marks in the language of FTS5; null for all. @returns nearest first */
export function nearest(
  { search }: SearchableField,
  { reading, modelNo }: VectorIndex,
  kind: SearchKind,
  vector: Float32Array,
  marks: string | null,
): Near[] {
  const mean = reading.mean(kind)
  if (mean === undefined) return []
  const near = reading.near(kind, bitsOf(vector, floatsOf(mean)), BY_BITS_MOST, marks)
  const measured = reading
    .vectors(kind, modelNo, near)
    .map(({ doc, vector: bytes }) => ({
      doc,
      millionths: Math.round(1e6 * cosineOf(vector, floatsOf(bytes))),
    }))
    .sort((a, b) => b.millionths - a.millionths || a.doc - b.doc)
    .slice(0, NEAR_MOST)
  const candidates = new Map(
    search
      .these(
        kind,
        measured.map(({ doc }) => doc),
      )
      .map((candidate) => [candidate.doc, candidate]),
  )
  return measured.map(({ doc }) => ({ candidate: candidates.get(doc)! }))
}
