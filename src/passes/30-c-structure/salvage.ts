/**
 * Deterministic corrections of a structure: no model is asked, nothing is guessed, and each code has one correction
 * or none. The codes that were acted on stand on the structure, so that an answer that passed by salvage is seen.
 *
 * | code | salvage |
 * | --- | --- |
 * | member_unknown | taken off its list: there is no such fact |
 * | member_repeated | the first entry counts, members before dropped |
 * | member_unaccounted | dropped, with that as the reason |
 * | relation_endpoint_dropped | the relation is taken out: the lists decide what the concept holds |
 * | support_unknown | taken off the support; a link that nothing supports goes with it |
 * | support_missing_endpoint | both ends join the support, which is put in order without repeats |
 * | canonical_not_kept | the seed, where it is kept and its text has a word of the name; else none |
 * | keep_disconnected | only the component of canonical_i (else of the seed) stays; the others are dropped with the reason, and their relations and support with them |
 * | contradicts_not_explicit, depends_on_not_explicit | becomes refines, where that is a configured type; relations that are now the same unite |
 * | keep_empty, concept_unnamed, concept_name_not_grounded | none: only the model knows what it meant |
 * | relation_self | none: one index is a slip, and which fact was meant decides what hangs together; taking the relation out could drop facts |
 * | relation_cycle, relation_type_unknown | none: which relation is the wrong one, or which type was meant, cannot be told |
 *
 * The order of the steps is the order in which one can bring up work for a later one, never for an earlier one, so
 * one pass is enough and a second changes nothing.
 *
 * @source docs/decisions/0011-judging-structures.md
 */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { FailureCode } from '../../../schemas/failure.ts'
import type { Structure } from '../../../schemas/structure.ts'
import type { Salvaged } from '../../../schemas/task.ts'
import { isGroundedIn } from './check-concept.ts'
import { keptFacts } from './kept-facts.ts'
import { pruneToComponent } from './prune-to-component.ts'
import { softenRelations } from './soften-relations.ts'

/** @returns the very structure it was given where there is nothing to do */
type Step = (structure: Structure, cluster: Cluster) => Structure

const REASON_UNACCOUNTED = 'the answer did not mention it'

const STEPS: readonly (readonly [FailureCode, Step])[] = [
  ['member_unknown', withoutUnknownMembers],
  ['member_repeated', withoutRepeatedMembers],
  ['member_unaccounted', withUnaccountedDropped],
  ['relation_endpoint_dropped', withoutLooseRelations],
  ['support_unknown', withoutUnknownSupport],
  ['support_missing_endpoint', withEndsSupporting],
  ['canonical_not_kept', namedFromSeed],
  ['keep_disconnected', pruneToComponent],
]

export function salvage(
  given: Structure,
  cluster: Cluster,
  relationTypes: readonly string[],
): Salvaged<Structure> {
  const codes = new Set<FailureCode>()
  let answer = given
  for (const [code, step] of STEPS) {
    const next = step(answer, cluster)
    if (next !== answer) codes.add(code)
    answer = next
  }
  if (relationTypes.includes('refines')) {
    const softened = softenRelations(answer, cluster)
    for (const code of softened.codes) codes.add(code)
    answer = softened.structure
  }
  return { answer, codes: [...codes].sort() }
}

function withoutUnknownMembers(structure: Structure, cluster: Cluster): Structure {
  const isKnown = ({ i }: { readonly i: number }): boolean => i < cluster.members.length
  if (structure.members.every(isKnown) && structure.dropped.every(isKnown)) return structure
  return {
    ...structure,
    members: structure.members.filter(isKnown),
    dropped: structure.dropped.filter(isKnown),
  }
}

function withoutRepeatedMembers(structure: Structure): Structure {
  const seen = new Set<number>()
  const isFirst = ({ i }: { readonly i: number }): boolean => seen.size < seen.add(i).size
  const members = structure.members.filter(isFirst)
  const dropped = structure.dropped.filter(isFirst)
  const isSame = members.length === structure.members.length && dropped.length === structure.dropped.length
  return isSame ? structure : { ...structure, members, dropped }
}

function withUnaccountedDropped(structure: Structure, cluster: Cluster): Structure {
  const listed = new Set([...structure.members, ...structure.dropped].map(({ i }) => i))
  const missing = cluster.members.filter(({ i }) => !listed.has(i))
  if (missing.length === 0) return structure
  const added = missing.map(({ i }) => ({ i, reason: REASON_UNACCOUNTED }))
  return { ...structure, dropped: [...structure.dropped, ...added] }
}

function withoutLooseRelations(structure: Structure, cluster: Cluster): Structure {
  const { positions } = keptFacts(structure, cluster)
  const relations = structure.relations.filter(
    ({ src_i, dst_i }) => positions.has(src_i) && positions.has(dst_i),
  )
  return relations.length === structure.relations.length ? structure : { ...structure, relations }
}

function withoutUnknownSupport(structure: Structure, cluster: Cluster): Structure {
  const { positions } = keptFacts(structure, cluster)
  const isKept = (i: number): boolean => positions.has(i)
  const relations = structure.relations.map((relation) => supportedBy(relation, isKept))
  const links = structure.links
    .map((link) => supportedBy(link, isKept))
    .filter(({ support_i_list }) => support_i_list.length > 0)
  const isSame =
    links.length === structure.links.length &&
    links.every((link, index) => link === structure.links[index]) &&
    relations.every((relation, index) => relation === structure.relations[index])
  return isSame ? structure : { ...structure, relations, links }
}

function supportedBy<Claim extends { readonly support_i_list: number[] }>(
  claim: Claim,
  isKept: (i: number) => boolean,
): Claim {
  return claim.support_i_list.every(isKept)
    ? claim
    : { ...claim, support_i_list: claim.support_i_list.filter(isKept) }
}

function withEndsSupporting(structure: Structure): Structure {
  const lacksEnd = ({ src_i, dst_i, support_i_list }: Structure['relations'][number]): boolean =>
    !support_i_list.includes(src_i) || !support_i_list.includes(dst_i)
  if (!structure.relations.some(lacksEnd)) return structure
  const relations = structure.relations.map((relation) =>
    lacksEnd(relation)
      ? {
          ...relation,
          support_i_list: ascending([...relation.support_i_list, relation.src_i, relation.dst_i]),
        }
      : relation,
  )
  return { ...structure, relations }
}

function namedFromSeed(structure: Structure, cluster: Cluster): Structure {
  const { concept } = structure
  const { positions, textAt } = keptFacts(structure, cluster)
  const isBeyondUs = !positions.has(0) || !isGroundedIn(concept.name, textAt(0))
  if (positions.has(concept.canonical_i) || isBeyondUs) return structure
  return { ...structure, concept: { ...concept, canonical_i: 0 } }
}

const ascending = (positions: readonly number[]): number[] => [...new Set(positions)].sort((a, b) => a - b)
