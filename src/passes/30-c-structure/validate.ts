/** Everything that can be wrong with a structure whose JSON fits the schema, family by family. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Finding } from '../../../schemas/finding.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { checkConcept } from './check-concept.ts'
import { checkGraph } from './check-graph.ts'
import { checkLanguage } from './check-language.ts'
import { checkMembers } from './check-members.ts'
import { checkRelations } from './check-relations.ts'

/** @returns findings in the order of the answer's fields; empty where the structure is good */
export const validate = (
  structure: Structure,
  cluster: Cluster,
  relationTypes: readonly string[],
): Finding[] => [
  ...checkConcept(structure, cluster),
  ...checkMembers(structure, cluster),
  ...checkRelations(structure, cluster, relationTypes),
  ...checkLanguage(structure, cluster),
  ...checkGraph(structure, cluster),
]
