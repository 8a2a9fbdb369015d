/** Relations and links, one by one: their ends, their type, and the facts that support them. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Finding } from '../../../schemas/finding.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { keptFacts } from './kept-facts.ts'

type Relation = Structure['relations'][number]
type Link = Structure['links'][number]

export function checkRelations(
  structure: Structure,
  cluster: Cluster,
  relationTypes: readonly string[],
): Finding[] {
  const { positions } = keptFacts(structure, cluster)
  return [
    ...structure.relations.flatMap((relation, index) => [
      ...checkType(relation, `relations[${index}]`, relationTypes),
      ...checkEnds(relation, `relations[${index}]`, positions),
      ...checkSupport(relation, `relations[${index}]`, positions),
    ]),
    ...structure.links.flatMap((link, index) => [
      ...checkType(link, `links[${index}]`, relationTypes),
      ...checkSupport(link, `links[${index}]`, positions),
    ]),
  ]
}

function checkType({ rel_type }: Relation | Link, at: string, relationTypes: readonly string[]): Finding[] {
  if (relationTypes.includes(rel_type)) return []
  const message = `${JSON.stringify(rel_type)} is none of ${relationTypes.join(', ')}`
  return [{ code: 'relation_type_unknown', at: `${at}.rel_type`, message, relType: rel_type }]
}

function checkEnds(relation: Relation, at: string, kept: ReadonlySet<number>): Finding[] {
  const { src_i, dst_i, rel_type: relType, support_i_list } = relation
  const findings: Finding[] = []
  if (src_i === dst_i) {
    findings.push({ code: 'relation_self', at, message: `it points from fact ${src_i} to itself`, relType })
  }
  for (const end of ['src_i', 'dst_i'] as const) {
    const i = relation[end]
    if (!kept.has(i)) {
      const message = `fact ${i} is not one of the kept facts`
      findings.push({ code: 'relation_endpoint_dropped', at: `${at}.${end}`, message, relType })
    } else if (!support_i_list.includes(i)) {
      const message = `it lacks fact ${i}, an end of the relation`
      findings.push({ code: 'support_missing_endpoint', at: `${at}.support_i_list`, message, relType })
    }
  }
  return findings
}

/** An end that was not kept is reported as an end, not again as support. A link has no ends but needs a fact. */
function checkSupport(relation: Relation | Link, at: string, kept: ReadonlySet<number>): Finding[] {
  const { rel_type: relType } = relation
  const ends = 'src_i' in relation ? [relation.src_i, relation.dst_i] : []
  const findings: Finding[] = relation.support_i_list
    .filter((i) => !kept.has(i) && !ends.includes(i))
    .map((i) => ({
      code: 'support_unknown',
      at: `${at}.support_i_list`,
      message: `fact ${i} is not one of the kept facts`,
      relType,
    }))
  if (ends.length === 0 && relation.support_i_list.length === 0) {
    const message = 'no fact supports the link'
    findings.push({ code: 'support_unknown', at: `${at}.support_i_list`, message, relType })
  }
  return findings
}
