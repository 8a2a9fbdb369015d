/** The concept has a name, the name is one that its facts use, and it is named from a fact that was kept. */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Finding } from '../../../schemas/finding.ts'
import type { Structure } from '../../../schemas/structure.ts'
import { normaliseName } from '../../language/normalise-name.ts'
import { stemOf } from '../../language/stem.ts'
import { contentWordsOf, wordsOf } from '../../language/words.ts'
import { keptFacts } from './kept-facts.ts'

export function checkConcept(structure: Structure, cluster: Cluster): Finding[] {
  const { name, canonical_i } = structure.concept
  const { positions, textAt } = keptFacts(structure, cluster)
  const findings: Finding[] = []
  if (!positions.has(canonical_i)) {
    const message = `fact ${canonical_i} is not one of the kept facts`
    findings.push({ code: 'canonical_not_kept', at: 'concept.canonical_i', message })
  }
  if (normaliseName(name) === '') {
    findings.push({ code: 'concept_unnamed', at: 'concept.name', message: 'the concept has no name' })
  } else if (positions.size > 0 && ![...positions].some((i) => isGroundedIn(name, textAt(i)))) {
    const message = `no word of ${JSON.stringify(name)} stands in the kept facts`
    findings.push({ code: 'concept_name_not_grounded', at: 'concept.name', message })
  }
  return findings
}

/** Whether the text has a content word of the name, in whatever inflection; of a name without any, every word. */
export function isGroundedIn(name: string, text: string): boolean {
  const words = wordsOf(name)
  // A name without letters ("∅", "→") has no words; it must stand in the text as it is.
  if (words.length === 0) return text.normalize('NFKC').includes(normaliseName(name))
  const stems = new Set(wordsOf(text).map(stemOf))
  const stands = (word: string): boolean => stems.has(stemOf(word))
  const content = contentWordsOf(name)
  return content.length > 0 ? content.some(stands) : words.every(stands)
}
