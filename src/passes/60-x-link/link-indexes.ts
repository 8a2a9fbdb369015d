/** What is gathered over all concepts before any link can be found: their names, and how common words and names are. */
import { normaliseName } from '../../language/normalise-name.ts'
import { createTextPool, type TextPool } from '../../language/text-pool.ts'
import { createWordScanner } from '../../language/word-scanner.ts'
import { createDomainSets, type DomainSets } from './domain-sets.ts'
import { createFactOwners, type FactOwners, roomForOwners } from './fact-owners.ts'
import { createMentionIndex, type MentionIndex } from './mention-index.ts'
import { createRareTerms, RARE_TERM_LIMITS, type RareTerms } from './rare-terms.ts'
import { createNameReader, type NameReader } from './read-mentions.ts'
import { roomForTally, type TextIndexes, type TextTally } from './read-texts.ts'
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
  /** Pairs of a concept and a fact in `members`, at most. */
  memberCount(): number
  /** The same concepts in the same order, each with its member facts, each once. */
  members(): Iterable<{ readonly conceptId: string; readonly factIds: readonly string[] }>
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

/** Reads the texts of a merge, each once, and adds what they say to the tally. */
export type ReadTexts = (indexes: TextIndexes, tally: TextTally) => Promise<void>

/** Reads all names, then has the texts read. */
export async function buildIndexes(source: LinkSource, readTexts: ReadTexts): Promise<LinkIndexes> {
  const names = readNames(source)
  const { ids, resolver, mentions } = names
  const owners = ownersOf(source, ids)
  const tally = roomForTally(mentions, ids.size)
  await readTexts({ mentions, owners }, tally)
  const terms = createRareTerms(RARE_TERM_LIMITS, tally.terms)
  const reader = createNameReader(mentions, createWordScanner(mentions.words))
  const bytes = ids.bytes + resolver.claims.bytes + mentions.bytes + owners.bytes + terms.bytes
  return { ...names, ...tally, terms, reader, bytes }
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
  const owners = createFactOwners(roomForOwners(source.memberCount()))
  let no = 0
  for (const { conceptId, factIds } of source.members()) {
    // A concept without any member is not among these.
    while (ids.at(no) !== conceptId) no++
    for (const factId of factIds) owners.add(factId, no)
  }
  return owners
}
