/** Two relation types claim more than nearness, so a supporting fact has to say it in words. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { FailureCode } from '../../../schemas/failure.ts'
import type { Finding } from '../../../schemas/finding.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { saysContradiction, saysDependency } from '../../language/explicit-language.ts'
import { keptFacts } from './kept-facts.ts'

type Relation = Structure['relations'][number]

interface LanguageRule {
  readonly code: FailureCode
  says(text: string): boolean
  readonly what: string
}

export const LANGUAGE_RULES: Readonly<Record<string, LanguageRule>> = {
  contradicts: { code: 'contradicts_not_explicit', says: saysContradiction, what: 'a contradiction' },
  depends_on: { code: 'depends_on_not_explicit', says: saysDependency, what: 'a dependency' },
}

export const checkLanguage = (structure: Structure, cluster: Cluster): Finding[] =>
  structure.relations.flatMap((relation, index) => {
    const rule = unmetRule(relation, structure, cluster)
    if (rule === undefined) return []
    const message = `none of the supporting facts says ${rule.what} in words`
    return [{ code: rule.code, at: `relations[${index}].rel_type`, message, relType: relation.rel_type }]
  })

/** @returns the rule that the relation breaks, undefined where its type has none or a supporting fact meets it */
export function unmetRule(
  { src_i, dst_i, rel_type, support_i_list }: Relation,
  structure: Structure,
  cluster: Cluster,
): LanguageRule | undefined {
  const rule = Object.hasOwn(LANGUAGE_RULES, rel_type) ? LANGUAGE_RULES[rel_type] : undefined
  if (rule === undefined) return undefined
  const { positions, textAt } = keptFacts(structure, cluster)
  // Support that salvage would take away may not decide: only facts that were kept speak.
  const speaking = [src_i, dst_i, ...support_i_list].filter((i) => positions.has(i))
  return speaking.some((i) => rule.says(textAt(i))) ? undefined : rule
}
