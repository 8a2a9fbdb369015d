/** Relations of a structure as delta rows: positions become ids, and what is said twice stands once. */
import type { DeltaEdge, DeltaLink } from '../../../schemas/delta.ts'
import { inOneDirection } from '../../../schemas/relation-nature.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { normaliseName } from '../../language/normalise-name.ts'
import { tidyName } from './tidy-name.ts'

interface From {
  readonly clusterId: string
  readonly conceptId: string
  /** The fact at each position of the cluster. */
  readonly factIdAt: readonly string[]
}

/** @returns edges between facts, ascending by ends and type; support holds both ends */
export function edgesOf(relations: Structure['relations'], from: From): DeltaEdge[] {
  const edges = new Map<string, DeltaEdge>()
  for (const relation of relations) {
    const [src, dst] = [from.factIdAt[relation.src_i]!, from.factIdAt[relation.dst_i]!]
    if (src === dst) continue // two positions of one fact: the relation says nothing
    const relType = relation.rel_type
    const [srcFactId, dstFactId] = inOneDirection(src, relType, dst)
    const key = [srcFactId, dstFactId, relType].join('\0')
    const said = edges.get(key)?.supportFactIds ?? [src, dst]
    const supportFactIds = ascending([...said, ...factsAt(relation.support_i_list, from)])
    edges.set(key, {
      clusterId: from.clusterId,
      conceptId: from.conceptId,
      srcFactId,
      dstFactId,
      relType,
      supportFactIds,
    })
  }
  return inKeyOrder(edges)
}

/** @returns links by name, ascending by target and type; one that names the concept itself or nothing is left out */
export function linksOf(links: Structure['links'], ownNormalisedName: string, from: From): DeltaLink[] {
  const rows = new Map<string, DeltaLink>()
  for (const link of links) {
    const targetNormalisedName = normaliseName(link.name)
    if (targetNormalisedName === '' || targetNormalisedName === ownNormalisedName) continue
    const key = [targetNormalisedName, link.rel_type].join('\0')
    const before = rows.get(key)
    const name = tidyName(link.name)
    rows.set(key, {
      clusterId: from.clusterId,
      conceptId: from.conceptId,
      targetName: before !== undefined && before.targetName < name ? before.targetName : name,
      targetNormalisedName,
      relType: link.rel_type,
      supportFactIds: ascending([...(before?.supportFactIds ?? []), ...factsAt(link.support_i_list, from)]),
    })
  }
  return inKeyOrder(rows)
}

const factsAt = (positions: readonly number[], { factIdAt }: From): string[] =>
  positions.map((i) => factIdAt[i]!)

const ascending = (ids: readonly string[]): string[] => [...new Set(ids)].sort()

const inKeyOrder = <Row>(rows: ReadonlyMap<string, Row>): Row[] =>
  [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
