/** PassM: what one structured cluster adds to the field. Ids and names only; the texts stay with the corpus. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { DeltaConcept, DeltaMember, Material } from '../../../schemas/delta.ts'
import { bad, good, type Outcome } from '../../../schemas/failure.ts'
import { conceptIdOf } from '../../../schemas/ids.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { normaliseName } from '../../language/normalise-name.ts'
import { edgesOf, linksOf } from './relations-of.ts'
import { tidyName } from './tidy-name.ts'

export interface Materialisable {
  readonly cluster: Cluster
  /** Validated: every position is one of the cluster's, relations hold between kept facts. */
  readonly structure: Structure
  /** One name in two domains is two concepts. */
  readonly keepDomainsApart: boolean
}

/**
 * Every kept fact is a member, also one that was only shown as context: the answer says that it belongs to the
 * concept, and a fact may belong to several. Standing says who pays for a fact, not what it is about.
 *
 * @returns rows in ascending order of their keys; a failure is a fault of ours, since the structure was validated
 * @source docs/decisions/0040-deltas.md
 */
export function materialise({ cluster, structure, keepDomainsApart }: Materialisable): Outcome<Material> {
  const normalisedName = normaliseName(structure.concept.name)
  if (normalisedName === '') return bad('concept_unnamed', `${cluster.clusterId} has no name to go by`)
  const factIdAt = cluster.members.map((member) => member.factId)
  const stranger = positionsIn(structure).find((i) => factIdAt[i] === undefined)
  if (stranger !== undefined) {
    return bad('member_unknown', `${cluster.clusterId} has no fact ${stranger}, it has ${factIdAt.length}`)
  }
  const conceptId = conceptIdOf(normalisedName, keepDomainsApart ? cluster.domain : '')
  const from = { clusterId: cluster.clusterId, conceptId, factIdAt }
  return good({
    concept: conceptOf(conceptId, normalisedName, cluster, structure),
    members: membersOf(conceptId, cluster, structure),
    edges: edgesOf(structure.relations, from),
    links: linksOf(structure.links, normalisedName, from),
  })
}

function positionsIn({ concept, members, relations, links }: Structure): number[] {
  return [
    concept.canonical_i,
    ...members.map((member) => member.i),
    ...relations.flatMap((relation) => [relation.src_i, relation.dst_i, ...relation.support_i_list]),
    ...links.flatMap((link) => link.support_i_list),
  ]
}

function conceptOf(
  conceptId: string,
  normalisedName: string,
  { clusterId, domain, members }: Cluster,
  { concept }: Structure,
): DeltaConcept {
  return {
    clusterId,
    conceptId,
    name: tidyName(concept.name),
    normalisedName,
    gloss: tidyName(concept.gloss),
    aliases: aliasesOf(concept.aliases, normalisedName),
    domain,
    canonicalFactId: members[concept.canonical_i]!.factId,
  }
}

/** Of the spellings that normalise alike the smallest stands for all. */
function aliasesOf(given: readonly string[], normalisedName: string): string[] {
  const byForm = new Map<string, string>()
  for (const alias of given.map(tidyName).sort(byCodeUnits)) {
    const form = normaliseName(alias)
    if (form !== '' && form !== normalisedName && !byForm.has(form)) byForm.set(form, alias)
  }
  return [...byForm.values()]
}

function membersOf(conceptId: string, cluster: Cluster, structure: Structure): DeltaMember[] {
  const rows = structure.members.map(({ i, role }) => {
    const { factId, dupGroupId } = cluster.members[i]!
    return { clusterId: cluster.clusterId, conceptId, factId, dupGroupId, role }
  })
  return rows.sort((a, b) => byCodeUnits(a.factId, b.factId))
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
