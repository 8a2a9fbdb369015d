/** Cuts a structure down to the facts that hang together with the one its concept is named from. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { componentOf } from './check-graph.ts'
import { keptFacts } from './kept-facts.ts'

const REASON = 'no relation ties it to the facts of the concept'

/**
 * The centre is canonical_i, or the seed where that was not kept.
 *
 * @returns the very structure it was given where nothing lies apart, or where neither centre was kept
 */
export function pruneToComponent(structure: Structure, cluster: Cluster): Structure {
  const { positions } = keptFacts(structure, cluster)
  const centre = [structure.concept.canonical_i, 0].find((i) => positions.has(i))
  if (centre === undefined) return structure
  const stays = componentOf(centre, positions, structure.relations)
  if (stays.size === positions.size) return structure
  const pruned = structure.members.filter(({ i }) => !stays.has(i)).map(({ i }) => ({ i, reason: REASON }))
  return {
    ...structure,
    members: structure.members.filter(({ i }) => stays.has(i)),
    dropped: [...structure.dropped, ...pruned],
    relations: structure.relations
      .filter(({ src_i, dst_i }) => stays.has(src_i) && stays.has(dst_i))
      .map((relation) => supportedWithin(relation, stays)),
    links: structure.links
      .map((link) => supportedWithin(link, stays))
      .filter(({ support_i_list }) => support_i_list.length > 0),
  }
}

const supportedWithin = <Claim extends { readonly support_i_list: number[] }>(
  claim: Claim,
  stays: ReadonlySet<number>,
): Claim => ({ ...claim, support_i_list: claim.support_i_list.filter((i) => stays.has(i)) })
