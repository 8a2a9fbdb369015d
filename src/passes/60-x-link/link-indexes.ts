/** What is gathered over all concepts before any link can be found: their names, and how common words and names are. */
import { normaliseName } from '../../language/normalise-name.ts'
import { createTextPool, type TextPool } from '../../language/text-pool.ts'
import { createWordScanner } from '../../language/word-scanner.ts'
import { createDomainSets, type DomainSets } from './domain-sets.ts'
import { createFactOwners, type FactOwners } from './fact-owners.ts'
import { createMentionIndex, type MentionIndex } from './mention-index.ts'
import { createRareTerms, type RareTerms, termSlotOf } from './rare-terms.ts'
import {
  type ClauseNames,
  canSayRelation,
  createNameReader,
  type NameReader,
  relationsIn,
} from './read-mentions.ts'
import { createNameResolver, type NameResolver } from './resolve-name.ts'
import type { TermFact } from './shared-terms.ts'
import { createWordTraits } from './word-traits.ts'

/** Where the verb reads from; the same answer for the same question every time. */
export interface LinkSource {
  /** Canonical concepts, ascending by id. */
  concepts(): Iterable<{
    readonly conceptId: string
    readonly names: readonly string[]
    readonly aliases: readonly string[]
    readonly domains: readonly string[]
  }>
  /** Pairs of a concept and a fact in `members`, at most. */
  memberCount(): number
  /** The same concepts in the same order, each with its member facts, each once. */
  members(): Iterable<{ readonly conceptId: string; readonly factIds: readonly string[] }>
  /** Every fact whose text is known, in any order. */
  texts(): Iterable<{ readonly factId: string; readonly text: string }>
  /** Member facts of a concept, ascending by id, without those whose text nobody has. */
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

/** What is known of concepts by their names alone. Numbers stand for concepts, ascending by id. */
interface NameIndexes {
  readonly ids: TextPool
  readonly domains: DomainSets
  readonly resolver: NameResolver
  readonly mentions: MentionIndex
}

export interface LinkIndexes extends NameIndexes {
  readonly reader: NameReader
  readonly terms: RareTerms
  /** By form of the mention index: member facts in which it stands. */
  readonly factCounts: Uint32Array
  /** By concept: 1 where a fact says a relation; only these are read again, when all facts are counted. */
  readonly saysRelation: Uint8Array
  /** Memory of all of it at its highest. */
  readonly bytes: number
}

export const RARE_TERM_LIMITS = { mostConcepts: 5, leastShared: 3, slotCount: 1 << 22 }

/** Reads all names, then each text once, in the order in which they come. */
export function buildIndexes(source: LinkSource): LinkIndexes {
  const names = readNames(source)
  const owners = ownersOf(source, names.ids)
  const read = readTexts(source, names, owners)
  const { ids, resolver, mentions } = names
  const bytes = ids.bytes + resolver.claims.bytes + mentions.bytes + owners.bytes + read.terms.bytes
  return { ...names, ...read, bytes }
}

function readNames(source: LinkSource): NameIndexes {
  const ids = createTextPool()
  const domains = createDomainSets()
  const resolver = createNameResolver()
  const mentions = createMentionIndex()
  for (const concept of source.concepts()) {
    const no = ids.add(concept.conceptId)
    const aliases = concept.aliases.map(normaliseName)
    domains.add(concept.domains)
    resolver.add(no, concept.names, aliases)
    for (const name of concept.names) mentions.add(no, name, true)
    for (const alias of aliases) mentions.add(no, alias, false)
  }
  return { ids, domains, resolver, mentions }
}

function ownersOf(source: LinkSource, ids: TextPool): FactOwners {
  const owners = createFactOwners(source.memberCount())
  let no = 0
  for (const { conceptId, factIds } of source.members()) {
    // A concept without any member is not among these.
    while (ids.at(no) !== conceptId) no++
    for (const factId of factIds) owners.add(factId, no)
  }
  return owners
}

function readTexts(
  source: LinkSource,
  { ids, mentions }: NameIndexes,
  owners: FactOwners,
): Pick<LinkIndexes, 'reader' | 'terms' | 'factCounts' | 'saysRelation'> {
  const scanner = createWordScanner(mentions.words)
  const reader = createNameReader(mentions, scanner)
  const terms = createRareTerms(RARE_TERM_LIMITS)
  const termSlots = createWordTraits((word) => termSlotOf(mentions.words.at(word)))
  const factCounts = new Uint32Array(mentions.claims.formCount)
  const saysRelation = new Uint8Array(ids.size)
  for (const { factId, text } of source.texts()) {
    const concepts = owners.ownersOf(factId)
    if (concepts.length === 0) continue
    const clauses = reader.read(text)
    for (let at = 0; at < scanner.wordCount; at++) {
      const word = scanner.wordAt(at)
      const slot = termSlots.of(word)
      // Once a term is common its word counts as none.
      if (slot !== -1 && !terms.addAll(slot, concepts)) termSlots.set(word, -1)
    }
    if (clauses.length === 0) continue
    countForms(clauses, concepts.length, factCounts)
    if (!clauses.some(canSayRelation)) continue
    for (const no of concepts) {
      if (saysRelation[no] === 0 && relationsIn(clauses, no, mentions, reader).length > 0)
        saysRelation[no] = 1
    }
  }
  return { reader, terms, factCounts, saysRelation }
}

/** A name counts once a fact, however often it stands there. */
function countForms(clauses: readonly ClauseNames[], concepts: number, factCounts: Uint32Array): void {
  const forms: number[] = []
  for (const { mentions } of clauses) {
    for (const { formNo } of mentions) {
      if (forms.includes(formNo)) continue
      forms.push(formNo)
      factCounts[formNo]! += concepts
    }
  }
}
