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
import type { LinkIndexes, LinkSource } from './link-indexes.ts'
import { RARE_TERM_LIMITS } from './rare-terms.ts'
import { mentionsIn, relationsIn } from './read-mentions.ts'
import { backingOf, type Side } from './shared-terms.ts'

export interface GenerateCounts {
  concepts: number
  /** Links that answers named, by what became of the name. */
  named: { resolved: number; unresolved: number; ambiguous: number; self: number }
  /** Relations that facts say of two concepts. */
  saidRelations: number
  /** Pairs that share rare terms, and how many of them are backed by a mention. */
  termPairs: number
  backedTermPairs: number
  /** Memory of what is gathered over all concepts. */
  indexBytes: number
}

/** A name of one word that stands in more facts is no evidence by itself. */
const RARE_NAME_FACTS = 20

/** @param counts filled while the evidence is read */
export function* generate(
  source: LinkSource,
  indexes: LinkIndexes,
  counts: GenerateCounts,
): Generator<LinkEvidence> {
  counts.concepts = indexes.ids.size
  counts.indexBytes = indexes.bytes
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

function* fromNames(
  source: LinkSource,
  indexes: LinkIndexes,
  counts: GenerateCounts,
): Generator<LinkEvidence> {
  const { ids, domains, resolver, mentions, factCounts } = indexes
  for (const link of source.named()) {
    const resolved = resolver.resolve(link.targetNormalisedName, (no) => domains.holds(no, link.domain))
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
  indexes: LinkIndexes,
  counts: GenerateCounts,
): Generator<LinkEvidence> {
  const { ids, mentions, reader, saysRelation } = indexes
  for (let no = 0; no < ids.size; no++) {
    if (saysRelation[no] === 0) continue
    for (const { factId, clusterIds, text } of source.factsOf(ids.at(no))) {
      for (const { src, dst, relType, cue, formNo } of relationsIn(reader.read(text), no, mentions, reader)) {
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

function* fromTerms(
  source: LinkSource,
  indexes: LinkIndexes,
  counts: GenerateCounts,
): Generator<LinkEvidence> {
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

function sideOf(source: LinkSource, indexes: LinkIndexes, no: number, other: number): Side {
  const { ids, mentions, reader } = indexes
  const facts = source.factsOf(ids.at(no))
  const named = facts.flatMap((fact) => {
    const mention = mentionsIn(reader.read(fact.text), no, mentions).find(
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
function nameDetail(formNo: number, conceptNo: number, { mentions, factCounts }: LinkIndexes): LinkDetail {
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
