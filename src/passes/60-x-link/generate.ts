/**
 * PassX_link v0: candidates for edges between concepts, each with its evidence and none without.
 *
 * - `named`: an answer named another concept, and the name is that of one concept, or an alias of one alone.
 * - `mention`: a fact of one concept names another and says in so many words how the two stand to each other.
 * - `shared_terms`: the facts of two share several rare terms. Alone it says that they have to do with each other, no
 *   more; the type is `supports`, the weakest, and the score decides. A mention that says no relation counts only here.
 *
 * @source docs/decisions/0043-links.md
 */
import type { LinkDetail, LinkEvidence } from '../../../schemas/link.ts'
import { inOneDirection } from '../../../schemas/relation-nature.ts'
import { normaliseName } from '../../language/normalise-name.ts'
import { createTextPool, type TextPool } from '../../language/text-pool.ts'
import { createMentionIndex, type MentionIndex } from './mention-index.ts'
import { createRareTerms, type RareTerms, termsOf } from './rare-terms.ts'
import { readMentions } from './read-mentions.ts'
import { createNameResolver, type NameResolver } from './resolve-name.ts'
import { backingOf, type Side, type TermFact } from './shared-terms.ts'

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

export interface GenerateCounts {
  concepts: number
  /** Links that answers named, by what became of the name. */
  named: { resolved: number; unresolved: number; ambiguous: number; self: number }
  /** Relations that facts say of two concepts. */
  saidRelations: number
  /** Pairs that share rare terms, and how many of them are backed by a mention. */
  termPairs: number
  backedTermPairs: number
  /** Memory of both indexes of names. */
  indexBytes: number
}

interface Indexes {
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

const RARE_TERM_LIMITS = { mostConcepts: 5, leastShared: 3 }

/** A name of one word that stands in more facts is no evidence by itself. */
const RARE_NAME_FACTS = 20

/** @param counts filled while the evidence is read */
export function* generate(source: LinkSource, counts: GenerateCounts): Generator<LinkEvidence> {
  const indexes = buildIndexes(source)
  counts.concepts = indexes.ids.size
  counts.indexBytes = indexes.resolver.claims.bytes + indexes.mentions.claims.bytes + indexes.ids.bytes
  yield* fromNames(source, indexes, counts)
  yield* fromMentions(source, indexes, counts)
  yield* fromTerms(source, indexes, counts)
}

export const noCounts = (): GenerateCounts => ({
  concepts: 0,
  named: { resolved: 0, unresolved: 0, ambiguous: 0, self: 0 },
  saidRelations: 0,
  termPairs: 0,
  backedTermPairs: 0,
  indexBytes: 0,
})

/** Two readings of the facts: names and term counts first, then what needs both complete. */
function buildIndexes(source: LinkSource): Indexes {
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

function* fromNames(source: LinkSource, indexes: Indexes, counts: GenerateCounts): Generator<LinkEvidence> {
  const { ids, domains, resolver, mentions, factCounts } = indexes
  for (const link of source.named()) {
    const resolved = resolver.resolve(link.targetNormalisedName, (no) => domains[no]!.includes(link.domain))
    if (resolved === undefined || resolved === 'ambiguous') {
      counts.named[resolved ?? 'unresolved']++
      continue
    }
    const target = ids.at(resolved.conceptNo)
    if (target === link.srcConceptId) {
      counts.named.self++
      continue
    }
    counts.named.resolved++
    const formNo = mentions.formOf(link.targetNormalisedName)
    const detail: LinkDetail = {
      name: link.targetNormalisedName,
      ...(resolved.isAlias ? { isAlias: true } : {}),
      ...(formNo === undefined ? {} : { factCount: factCounts[formNo]! }),
    }
    for (const factId of link.supportFactIds) {
      const { relType, clusterId } = link
      yield evidenceOf(link.srcConceptId, relType, target, 'named', { factId, clusterId, detail })
    }
  }
}

function* fromMentions(
  source: LinkSource,
  indexes: Indexes,
  counts: GenerateCounts,
): Generator<LinkEvidence> {
  const { ids, mentions, saysRelation } = indexes
  for (let no = 0; no < ids.size; no++) {
    if (saysRelation[no] === 0) continue
    for (const { factId, clusterIds, text } of source.factsOf(ids.at(no))) {
      for (const { src, dst, relType, cue, formNo } of readMentions(text, no, mentions).relations) {
        const detail = { ...nameDetail(formNo, src === no ? dst : src, indexes), cue }
        if (detail.isAlias === true && !saysSomething(detail)) continue
        counts.saidRelations++
        for (const clusterId of clusterIds) {
          yield evidenceOf(ids.at(src), relType, ids.at(dst), 'mention', { factId, clusterId, detail })
        }
      }
    }
  }
}

function* fromTerms(source: LinkSource, indexes: Indexes, counts: GenerateCounts): Generator<LinkEvidence> {
  const { ids, terms } = indexes
  for (const [a, b] of terms.pairs()) {
    const sides = [sideOf(source, indexes, a, b), sideOf(source, indexes, b, a)] as const
    const backing = backingOf(...sides, terms.isRare, RARE_TERM_LIMITS.leastShared)
    if (backing === undefined) continue
    counts.termPairs++
    if (backing.mentions.length > 0) counts.backedTermPairs++
    const [src, dst] = backing.isForward ? [ids.at(a), ids.at(b)] : [ids.at(b), ids.at(a)]
    for (const { factId, clusterIds } of backing.termFacts) {
      for (const clusterId of clusterIds) {
        const detail = { terms: [...backing.terms] }
        yield evidenceOf(src, 'supports', dst, 'shared_terms', { factId, clusterId, detail })
      }
    }
    for (const { fact, detail } of backing.mentions) {
      for (const clusterId of fact.clusterIds) {
        yield evidenceOf(src, 'supports', dst, 'mention', { factId: fact.factId, clusterId, detail })
      }
    }
  }
}

function sideOf(source: LinkSource, indexes: Indexes, no: number, other: number): Side {
  const { ids, mentions } = indexes
  const facts = source.factsOf(ids.at(no))
  const named = facts.flatMap((fact) => {
    const mention = readMentions(fact.text, no, mentions).mentions.find(
      ({ conceptNo }) => conceptNo === other,
    )
    if (mention === undefined) return []
    const detail = nameDetail(mention.formNo, other, indexes)
    return saysSomething(detail) ? [{ fact, detail }] : []
  })
  return { facts, mentions: named }
}

const saysSomething = ({ name = '', factCount = 0 }: LinkDetail): boolean =>
  name.includes(' ') || factCount <= RARE_NAME_FACTS

/** What is to be known of a name by which a concept was found. */
function nameDetail(formNo: number, conceptNo: number, { mentions, factCounts }: Indexes): LinkDetail {
  const claim = mentions.claims.claimantsOf(formNo).find(({ owner }) => owner === conceptNo)
  return {
    name: mentions.claims.formAt(formNo),
    ...(claim?.isName === false ? { isAlias: true } : {}),
    factCount: factCounts[formNo]!,
  }
}

function evidenceOf(
  src: string,
  relType: string,
  dst: string,
  evidence: LinkEvidence['evidence'],
  rest: Pick<LinkEvidence, 'factId' | 'clusterId' | 'detail'>,
): LinkEvidence {
  const [srcConceptId, dstConceptId] = inOneDirection(src, relType, dst)
  return { srcConceptId, dstConceptId, relType, evidence, ...rest }
}
