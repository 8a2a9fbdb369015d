/** PassX_link: v0 finds evidence for edges between concepts, v1 scores what was found. */

import type { Db } from '../../../db/open.ts'
import type { FactTexts } from '../../../db/queries/corpus-texts.ts'
import { countLinks, type LinkCounts } from '../../../db/queries/field-metrics.ts'
import { type LinkableMember, linkableQueries } from '../../../db/queries/linkable.ts'
import { linkQueries } from '../../../db/queries/links.ts'
import type { DropReason, LinkFlag } from '../../../schemas/link.ts'
import { ACYCLIC_TYPES } from '../../../schemas/relation-nature.ts'
import { createTextNumbers } from '../../language/text-numbers.ts'
import type { SetStage } from '../stage.ts'
import { createDomainSets } from './domain-sets.ts'
import { type GenerateCounts, generate, noCounts } from './generate.ts'
import { betterOf, judgeLink, type Thresholds, withFlag } from './judge-link.ts'
import { buildIndexes, type LinkSource, type ReadTexts } from './link-indexes.ts'
import { createTextReader } from './read-texts.ts'

/** The field holds ids; the texts stay with the corpus. */
export interface LinkGenerateSettings {
  /** The same every time. */
  readonly texts: FactTexts
  /** Where threads read them; without it they are read here. */
  readonly readTexts?: ReadTexts
}

export interface LinkScoreSettings extends Pick<LinkGenerateSettings, 'texts'> {
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

export const passXLinkGenerate: SetStage<LinkGenerateSettings, Promise<LinkGenerateSummary>> = {
  name: 'pass-x-link-v0',
  version: 2, // 2: two terms of one slot in one concept count once
  apply: storeEvidence,
}

export const passXLinkScore: SetStage<LinkScoreSettings, LinkScoreSummary> = {
  name: 'pass-x-link-v1',
  version: 1,
  apply: (db, settings) => db.transaction(() => storeScores(db, settings))(),
}

/** Nothing is written before all texts are read. */
async function storeEvidence(
  db: Db,
  { texts, readTexts = readHere(texts) }: LinkGenerateSettings,
): Promise<LinkGenerateSummary> {
  const linkable = linkableQueries(db)
  const source: LinkSource = {
    concepts: linkable.concepts,
    named: linkable.named,
    memberCount: linkable.memberCount,
    members: linkable.members,
    factsOf: (conceptId) => linkable.membersOf(conceptId).flatMap((member) => withText(member, texts)),
  }
  const indexes = await buildIndexes(source, readTexts)
  const links = linkQueries(db)
  return db.transaction(() => {
    links.clearEvidence()
    const counts = noCounts()
    let evidence = 0
    for (const piece of generate(source, indexes, counts)) {
      links.putEvidence(piece)
      evidence++
    }
    return { ...counts, evidence }
  })()
}

const readHere =
  (texts: FactTexts): ReadTexts =>
  async (indexes, tally) => {
    const reader = createTextReader(indexes, tally)
    for (const { factId, text } of texts.all()) reader.read(factId, text)
  }

function withText(member: LinkableMember, texts: FactTexts) {
  const text = texts.of(member.factId)
  return text === undefined ? [] : [{ ...member, text }]
}

function storeScores(db: Db, { thresholds, texts }: LinkScoreSettings): LinkScoreSummary {
  const links = linkQueries(db)
  const areAkin = domainsInCommon(db)
  links.clearScored()
  for (const evidence of links.candidates()) {
    const { srcConceptId, dstConceptId } = evidence[0]!
    links.putScored(judgeLink(evidence, areAkin(srcConceptId, dstConceptId), thresholds, texts.of))
  }
  for (const [there, back] of links.oppositePairs([...ACYCLIC_TYPES].sort())) {
    const better = betterOf(there, back)
    const worse = better === there ? back : there
    links.judgeAgain(withFlag(better, 'both_directions'))
    links.judgeAgain({ ...worse, isKept: false, reason: 'both_directions', flags: [] })
  }
  for (const link of links.ofSeveralTypes()) links.judgeAgain(withFlag(link, 'several_types'))
  return summaryOf(countLinks(db))
}

/** Whether two concepts share a domain, from memory: it is asked of both ends of every candidate. */
function domainsInCommon(db: Db): (a: string, b: string) => boolean {
  const ids = createTextNumbers()
  const sets = createDomainSets()
  for (const { conceptId, domains } of linkableQueries(db).domains()) {
    ids.findOrAdd(conceptId)
    sets.add(domains)
  }
  return (a, b) => sets.share(ids.find(a)!, ids.find(b)!)
}

const summaryOf = ({ scored, kept, flagged, drop_reasons, flags }: LinkCounts): LinkScoreSummary => ({
  candidates: scored,
  kept,
  flagged,
  dropped: Object.fromEntries(drop_reasons.map(({ reason, links }) => [reason, links])),
  flags: Object.fromEntries(flags.map(({ flag, links }) => [flag, links])),
})
