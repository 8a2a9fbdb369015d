/** A concept with its best supported neighbours and the edges among all of them: what the eye can take in. */
import type { SeenEdge } from '../../../db/queries/field-pages.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Neighbourhood } from '../../../schemas/page/field.ts'
import type { Field } from '../../field/open-field.ts'

const NEIGHBOURS_MOST = 24
/** Of each neighbour: enough to find most edges among those shown, also where it is a hub. */
const EDGES_LOOKED_AT = 200

/** @throws RffError not_found */
export function neighbourhood({ reading, pages }: Field, conceptId: string): Neighbourhood {
  const centre = reading.concept(conceptId)
  if (centre === undefined) throw new RffError('not_found', `there is no concept ${conceptId}`)
  const own = bothWays(pages, conceptId, NEIGHBOURS_MOST)
  const neighbours = [...new Set(own.map(({ otherId }) => otherId))].slice(0, NEIGHBOURS_MOST)
  const shown = new Set([conceptId, ...neighbours])
  const edges = new Map<string, Neighbourhood['edges'][number]>()
  const take = (fromId: string, seen: readonly SeenEdge[]): void => {
    for (const { edgeId, relType, direction, otherId, supportCount } of seen) {
      if (!shown.has(otherId)) continue
      const [srcConceptId, dstConceptId] = direction === 'out' ? [fromId, otherId] : [otherId, fromId]
      edges.set(edgeId, { edgeId, srcConceptId, dstConceptId, relType, supportCount })
    }
  }
  take(conceptId, own)
  for (const id of neighbours) take(id, pages.edges(id, 'out', null, undefined, EDGES_LOOKED_AT))
  return {
    centre: conceptId,
    nodes: [...shown].flatMap((id) => {
      const concept = reading.concept(id)
      if (concept === undefined) return []
      const { name, domain, edgeCount } = concept
      return [{ conceptId: id, name, domain, edgeCount }]
    }),
    edges: [...edges.values()].sort((a, b) => (a.edgeId < b.edgeId ? -1 : 1)),
    left: Math.max(0, centre.edgeCount - own.length),
  }
}

/** The best supported of both directions together. */
const bothWays = (pages: Field['pages'], conceptId: string, limit: number): SeenEdge[] =>
  (['out', 'in'] as const)
    .flatMap((direction) => pages.edges(conceptId, direction, null, undefined, limit))
    .sort(
      (a, b) =>
        b.supportCount - a.supportCount ||
        b.scoreMillionths - a.scoreMillionths ||
        (a.edgeId < b.edgeId ? -1 : 1),
    )
    .slice(0, limit)
