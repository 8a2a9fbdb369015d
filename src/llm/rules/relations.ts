/** The relations between kept facts: the tree that holds them together, and what they say of each other besides. */
import type { Structure } from '../../../schemas/structure.ts'
import { type Edge, edgeOf, type Kept } from './choose-members.ts'

type Relation = Structure['relations'][number]

/** @returns one relation a pair at most; refines and depends_on together have no circle */
export function relationsOf(kept: readonly Kept[]): Relation[] {
  const edges = kept.flatMap(({ edge }) => edge ?? [])
  const pairs = new Set(edges.map(pairOf))
  for (const edge of saidBetween(kept)) {
    if (edge.src === edge.dst || pairs.has(pairOf(edge)) || closesCircle(edges, edge)) continue
    pairs.add(pairOf(edge))
    edges.push(edge)
  }
  return edges.map(({ src, dst, relType }) => ({
    src_i: src,
    dst_i: dst,
    rel_type: relType,
    support_i_list: src < dst ? [src, dst] : [dst, src],
  }))
}

/** Claims of one kept fact that name the head of another. */
function* saidBetween(kept: readonly Kept[]): Generator<Edge> {
  for (const { reading: speaker } of kept) {
    for (const claim of speaker.claims) {
      const named = kept.find(({ reading }) => reading.head?.key === claim.term.key)
      if (named !== undefined) yield edgeOf(claim, speaker.i, named.reading.i)
    }
  }
}

const pairOf = ({ src, dst }: Edge): string => (src < dst ? `${src} ${dst}` : `${dst} ${src}`)

const ORDERING: ReadonlySet<string> = new Set(['refines', 'depends_on'])

function closesCircle(edges: readonly Edge[], added: Edge): boolean {
  if (!ORDERING.has(added.relType)) return false
  const reached = new Set([added.dst])
  for (const at of reached) {
    for (const { src, dst, relType } of edges) if (src === at && ORDERING.has(relType)) reached.add(dst)
  }
  return reached.has(added.src)
}
