/** PassX_link: v0 finds evidence for edges between concepts, v1 scores what was found. */

import type { Db } from '../../../db/open.ts'
import type { FactTexts } from '../../../db/queries/corpus-texts.ts'
import { type LinkableMember, linkableQueries } from '../../../db/queries/linkable.ts'
import { linkQueries } from '../../../db/queries/links.ts'
import type { DropReason, LinkFlag, ScoredLink } from '../../../schemas/link.ts'
import { ACYCLIC_TYPES } from '../../../schemas/relation-nature.ts'
import type { SetStage } from '../stage.ts'
import { type GenerateCounts, generate, noCounts } from './generate.ts'
import { betterOf, judgeLink, type Thresholds, withFlag } from './judge-link.ts'
import type { LinkSource } from './link-indexes.ts'

/** The field holds ids; the texts stay with the corpus. */
export interface LinkGenerateSettings {
  /** The same every time. */
  readonly texts: FactTexts
}

export interface LinkScoreSettings extends LinkGenerateSettings {
  /** Least score per relation type as a share of 1; `default` is for the others. */
  readonly thresholds: Thresholds
}

export interface LinkGenerateSummary extends Readonly<GenerateCounts> {
  readonly evidence: number
}

export interface LinkScoreSummary {
  readonly candidates: number
  readonly kept: number
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>
  /** Kept links with at least one flag. */
  readonly flagged: number
  readonly flags: Readonly<Partial<Record<LinkFlag, number>>>
}

export const passXLinkGenerate: SetStage<LinkGenerateSettings, LinkGenerateSummary> = {
  name: 'pass-x-link-v0',
  version: 2, // 2: two terms of one slot in one concept count once
  apply: (db, settings) => db.transaction(() => storeEvidence(db, settings))(),
}

export const passXLinkScore: SetStage<LinkScoreSettings, LinkScoreSummary> = {
  name: 'pass-x-link-v1',
  version: 1,
  apply: (db, settings) => db.transaction(() => storeScores(db, settings))(),
}

function storeEvidence(db: Db, { texts }: LinkGenerateSettings): LinkGenerateSummary {
  const linkable = linkableQueries(db)
  const links = linkQueries(db)
  const source: LinkSource = {
    concepts: linkable.concepts,
    named: linkable.named,
    memberCount: linkable.memberCount,
    members: linkable.members,
    texts: texts.all,
    factsOf: (conceptId) => linkable.membersOf(conceptId).flatMap((member) => withText(member, texts)),
  }
  links.clearEvidence()
  const counts = noCounts()
  let evidence = 0
  for (const piece of generate(source, counts)) {
    links.putEvidence(piece)
    evidence++
  }
  return { ...counts, evidence }
}

function withText(member: LinkableMember, texts: FactTexts) {
  const text = texts.of(member.factId)
  return text === undefined ? [] : [{ ...member, text }]
}

function storeScores(db: Db, { thresholds, texts }: LinkScoreSettings): LinkScoreSummary {
  const links = linkQueries(db)
  const { domainsOf } = linkableQueries(db)
  links.clearScored()
  for (const evidence of links.candidates()) {
    const { srcConceptId, dstConceptId } = evidence[0]!
    const there = new Set(domainsOf(dstConceptId))
    const isSameDomain = domainsOf(srcConceptId).some((domain) => there.has(domain))
    links.putScored(judgeLink(evidence, isSameDomain, thresholds, texts.of))
  }
  for (const [there, back] of links.oppositePairs([...ACYCLIC_TYPES].sort())) {
    const better = betterOf(there, back)
    const worse = better === there ? back : there
    links.putScored(withFlag(better, 'both_directions'))
    links.putScored({ ...worse, isKept: false, reason: 'both_directions', flags: [] })
  }
  for (const link of links.ofSeveralTypes()) links.putScored(withFlag(link, 'several_types'))
  return summaryOf(links.scored())
}

function summaryOf(scored: Iterable<ScoredLink>): LinkScoreSummary {
  const dropped: Partial<Record<DropReason, number>> = {}
  const flags: Partial<Record<LinkFlag, number>> = {}
  const counts = { candidates: 0, kept: 0, flagged: 0 }
  for (const link of scored) {
    counts.candidates++
    if (!link.isKept) dropped[link.reason] = (dropped[link.reason] ?? 0) + 1
    else counts.kept++
    if (link.flags.length > 0) counts.flagged++
    for (const flag of link.flags) flags[flag] = (flags[flag] ?? 0) + 1
  }
  return { ...counts, dropped, flags }
}
