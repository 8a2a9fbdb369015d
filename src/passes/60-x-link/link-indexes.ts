/** What is gathered over all concepts before any link can be found: their names, and how common words and names are. */
import { normaliseName } from '../../language/normalise-name.ts'
import { createTextPool, type TextPool } from '../../language/text-pool.ts'
import { createMentionIndex, type MentionIndex } from './mention-index.ts'
import { createRareTerms, type RareTerms, termsOf } from './rare-terms.ts'
import { readMentions } from './read-mentions.ts'
import { createNameResolver, type NameResolver } from './resolve-name.ts'
import type { TermFact } from './shared-terms.ts'

/** Where the verb reads from; the same answer for the same question every time. */
export interface LinkSource {
  /** Canonical concepts, ascending by id. */
  concepts(): Iterable<{
    readonly conceptId: string
    readonly names: readonly string[]
    readonly aliases: readonly string[]
    readonly domains: readonly string[]
  }>
  /** Its member facts, ascending by id, without those whose text nobody has. */
  factsOf(conceptId: string): readonly TermFact[]
  /** The links that answers named, from canonical concepts. */
  named(): Iterable<{
    readonly srcConceptId: string
    readonly clusterId: string
    readonly domain: string
    readonly targetNormalisedName: string
    readonly relType: string
    readonly supportFactIds: readonly string[]
  }>
}

export interface LinkIndexes {
  readonly ids: TextPool
  readonly domains: readonly (readonly string[])[]
  readonly resolver: NameResolver
  readonly mentions: MentionIndex
  readonly terms: RareTerms
  /** By form of the mention index: member facts in which it stands. */
  readonly factCounts: Uint32Array
  /** By concept: 1 where a fact says a relation; only these are read a third time, when all facts are counted. */
  readonly saysRelation: Uint8Array
}

export const RARE_TERM_LIMITS = { mostConcepts: 5, leastShared: 3 }

/** Two readings of the facts: names and term counts first, then what needs both complete. */
export function buildIndexes(source: LinkSource): LinkIndexes {
  const ids = createTextPool()
  const domains: (readonly string[])[] = []
  const resolver = createNameResolver()
  const mentions = createMentionIndex()
  const terms = createRareTerms(RARE_TERM_LIMITS)
  for (const concept of source.concepts()) {
    const no = ids.add(concept.conceptId)
    const aliases = concept.aliases.map(normaliseName)
    domains.push(concept.domains)
    resolver.add(no, concept.names, aliases)
    for (const name of concept.names) mentions.add(no, name, true)
    for (const alias of aliases) mentions.add(no, alias, false)
    terms.count(termsOf(textsOf(source, concept.conceptId)))
  }
  const factCounts = new Uint32Array(mentions.claims.formCount)
  const saysRelation = new Uint8Array(ids.size)
  for (let no = 0; no < ids.size; no++) {
    const texts = textsOf(source, ids.at(no))
    terms.place(no, termsOf(texts))
    for (const text of texts) {
      const { relations, formNos } = readMentions(text, no, mentions)
      for (const formNo of formNos) factCounts[formNo]!++
      if (relations.length > 0) saysRelation[no] = 1
    }
  }
  return { ids, domains, resolver, mentions, terms, factCounts, saysRelation }
}

const textsOf = (source: LinkSource, conceptId: string): string[] =>
  source.factsOf(conceptId).map((fact) => fact.text)
