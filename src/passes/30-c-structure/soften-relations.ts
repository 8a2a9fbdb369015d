/** Relations that claim more than their facts say become the weaker one that every pair of a cluster may have. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { FailureCode } from '../../../schemas/failure.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { unmetRule } from './check-language.ts'

type Relation = Structure['relations'][number]

interface Softened {
  readonly structure: Structure
  /** The codes that were acted on. */
  readonly codes: ReadonlySet<FailureCode>
}

/**
 * `contradicts` and `depends_on` without the language of it become `refines`, and relations that are the same from
 * then on unite their support. A contradiction has no direction: it follows a `refines` that stands between its
 * ends already, so that softening it makes no circle of two.
 */
export function softenRelations(structure: Structure, cluster: Cluster): Softened {
  const codes = new Set<FailureCode>()
  const refined = new Set(structure.relations.filter(isRefinement).map(pairOf))
  const relations = structure.relations.map((relation): Relation => {
    const rule = unmetRule(relation, structure, cluster)
    if (rule === undefined) return relation
    codes.add(rule.code)
    const { src_i, dst_i } = relation
    const isTurned = rule.code === 'contradicts_not_explicit' && refined.has(pairOf(turned(relation)))
    return { ...relation, rel_type: 'refines', ...(isTurned ? { src_i: dst_i, dst_i: src_i } : {}) }
  })
  if (codes.size === 0) return { structure, codes }
  return { structure: { ...structure, relations: unite(relations) }, codes }
}

const isRefinement = ({ rel_type }: Relation): boolean => rel_type === 'refines'
const pairOf = ({ src_i, dst_i }: Pick<Relation, 'src_i' | 'dst_i'>): string => `${src_i} ${dst_i}`
const turned = ({ src_i, dst_i }: Relation) => ({ src_i: dst_i, dst_i: src_i })

/** The first of the same relations keeps its place and gets the support of all. */
function unite(relations: readonly Relation[]): Relation[] {
  const united = new Map<string, Relation>()
  for (const relation of relations) {
    const key = `${pairOf(relation)} ${relation.rel_type}`
    const before = united.get(key)
    if (before === undefined) united.set(key, relation)
    else united.set(key, { ...before, support_i_list: bothSupports(before, relation) })
  }
  return [...united.values()]
}

const bothSupports = (a: Relation, b: Relation): number[] =>
  [...new Set([...a.support_i_list, ...b.support_i_list])].sort((i, j) => i - j)
