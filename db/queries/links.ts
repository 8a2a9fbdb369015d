/** What PassX_link writes: evidence for edges between concepts, and candidates with their score. */
import * as z from 'zod'
import { LINK_FLAGS, type LinkEvidence, linkDetailSchema, type ScoredLink } from '../../schemas/link.ts'
import type { Db } from '../open.ts'

const EVIDENCE = `
  INSERT OR IGNORE INTO links_raw
    (src_concept_id, dst_concept_id, rel_type, evidence, fact_id, cluster_id, detail)
  VALUES (?, ?, ?, ?, ?, ?, ?)`

const EVIDENCE_PAGE = `
  SELECT src_concept_id AS srcConceptId, dst_concept_id AS dstConceptId, rel_type AS relType, evidence,
    fact_id AS factId, cluster_id AS clusterId, detail
  FROM links_raw
  WHERE (src_concept_id, dst_concept_id, rel_type, evidence, fact_id, cluster_id)
    > (@srcConceptId, @dstConceptId, @relType, @evidence, @factId, @clusterId)
  ORDER BY src_concept_id, dst_concept_id, rel_type, evidence, fact_id, cluster_id LIMIT @limit`

const SCORED = `
  INSERT INTO links_scored
    (src_concept_id, dst_concept_id, rel_type, score_millionths, parts, is_kept, reason, flags)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

const JUDGED_AGAIN = `
  UPDATE links_scored SET is_kept = ?, reason = ?, flags = ?
  WHERE src_concept_id = ? AND dst_concept_id = ? AND rel_type = ?`

const SCORED_COLUMNS = `
  l.src_concept_id AS srcConceptId, l.dst_concept_id AS dstConceptId, l.rel_type AS relType,
  l.score_millionths AS scoreMillionths, l.parts, l.is_kept AS isKept, l.reason, l.flags`

/** A page of candidates begins behind one. */
const BEHIND = '(l.src_concept_id, l.dst_concept_id, l.rel_type) > (@srcConceptId, @dstConceptId, @relType)'

/** From the smaller source, so that each pair comes once. */
const OPPOSITE = `
  SELECT ${SCORED_COLUMNS} FROM links_scored l
  JOIN links_scored o ON o.src_concept_id = l.dst_concept_id AND o.dst_concept_id = l.src_concept_id
    AND o.rel_type = l.rel_type
  WHERE l.is_kept = 1 AND o.is_kept = 1 AND l.src_concept_id < l.dst_concept_id
    AND l.rel_type IN (SELECT value FROM json_each(@relTypes)) AND ${BEHIND}
  ORDER BY l.src_concept_id, l.dst_concept_id, l.rel_type LIMIT @limit`

const ONE_SCORED = `
  SELECT ${SCORED_COLUMNS} FROM links_scored l
  WHERE l.src_concept_id = @srcConceptId AND l.dst_concept_id = @dstConceptId AND l.rel_type = @relType`

const SEVERAL_TYPES = `
  SELECT ${SCORED_COLUMNS} FROM links_scored l
  WHERE l.is_kept = 1 AND EXISTS (
    SELECT 1 FROM links_scored o
    WHERE o.src_concept_id = l.src_concept_id AND o.dst_concept_id = l.dst_concept_id
      AND o.rel_type <> l.rel_type AND o.is_kept = 1) AND ${BEHIND}
  ORDER BY l.src_concept_id, l.dst_concept_id, l.rel_type LIMIT @limit`

const PAGE_SIZE = 1_000
const FIRST_EDGE = { srcConceptId: '', dstConceptId: '', relType: '' }

type EvidenceRow = Omit<LinkEvidence, 'detail'> & { detail: string }
type ScoredRow = Omit<ScoredLink, 'parts' | 'flags' | 'isKept'> & {
  parts: string
  flags: string
  isKept: number
}

const partsSchema = z.record(z.string(), z.int())
const flagsSchema = z.array(z.enum(LINK_FLAGS))

export function linkQueries(db: Db) {
  const clearRaw = db.prepare('DELETE FROM links_raw')
  const clearScored = db.prepare('DELETE FROM links_scored')
  const put = db.prepare(EVIDENCE)
  const page = db.prepare<object, EvidenceRow>(EVIDENCE_PAGE)
  const putScored = db.prepare(SCORED)
  const judgeAgain = db.prepare(JUDGED_AGAIN)
  const opposite = db.prepare<object, ScoredRow>(OPPOSITE)
  const oneScored = db.prepare<object, ScoredRow>(ONE_SCORED)
  const severalTypes = db.prepare<object, ScoredRow>(SEVERAL_TYPES)
  return {
    clearEvidence: (): void => void clearRaw.run(),
    clearScored: (): void => void clearScored.run(),
    /** The same piece of evidence twice is one. */
    putEvidence(row: LinkEvidence): void {
      const { srcConceptId, dstConceptId, relType, evidence, factId, clusterId, detail } = row
      put.run(srcConceptId, dstConceptId, relType, evidence, factId, clusterId, JSON.stringify(detail))
    },
    /** The evidence of one candidate at a time, ascending by source, target and type. */
    *candidates(): Generator<LinkEvidence[]> {
      let candidate: LinkEvidence[] = []
      for (const row of allOf(page, { ...FIRST_EDGE, evidence: '', factId: '', clusterId: '' })) {
        const first = candidate[0]
        if (first !== undefined && !isSameEdge(first, row)) {
          yield candidate
          candidate = []
        }
        candidate.push({ ...row, detail: linkDetailSchema.parse(JSON.parse(row.detail)) })
      }
      if (candidate.length > 0) yield candidate
    },
    putScored(link: ScoredLink): void {
      const { srcConceptId, dstConceptId, relType, scoreMillionths, parts, isKept, reason, flags } = link
      const [partsText, flagsText] = [JSON.stringify(parts), JSON.stringify(flags)]
      const kept = isKept ? 1 : 0
      putScored.run(srcConceptId, dstConceptId, relType, scoreMillionths, partsText, kept, reason, flagsText)
    },
    /** What became of a link that was scored; its score never changes. */
    judgeAgain({ srcConceptId, dstConceptId, relType, isKept, reason, flags }: ScoredLink): void {
      judgeAgain.run(isKept ? 1 : 0, reason, JSON.stringify(flags), srcConceptId, dstConceptId, relType)
    },
    /**
     * Kept edges of one of these types that point at each other, the one from the smaller source first. What becomes of
     * a pair may be written before the next one is asked for.
     */
    *oppositePairs(relTypes: readonly string[]): Generator<[ScoredLink, ScoredLink]> {
      for (const row of allOf(opposite, FIRST_EDGE, { relTypes: JSON.stringify(relTypes) })) {
        const back = { srcConceptId: row.dstConceptId, dstConceptId: row.srcConceptId, relType: row.relType }
        yield [scoredFrom(row), scoredFrom(oneScored.get(back)!)]
      }
    },
    /** Kept edges beside which another type is kept between the same two; their flags may be written meanwhile. */
    *ofSeveralTypes(): Generator<ScoredLink> {
      for (const row of allOf(severalTypes, FIRST_EDGE)) yield scoredFrom(row)
    },
  }
}

/** Page by page, so that nothing stays open between two rows. */
function* allOf<Row extends object>(
  page: { all(after: object): Row[] },
  first: object,
  terms: object = {},
): Generator<Row> {
  let after = first
  for (;;) {
    const rows = page.all({ ...after, ...terms, limit: PAGE_SIZE })
    yield* rows
    if (rows.length < PAGE_SIZE) return
    after = rows[rows.length - 1]!
  }
}

const scoredFrom = ({ parts, flags, isKept, ...row }: ScoredRow): ScoredLink => ({
  ...row,
  parts: partsSchema.parse(JSON.parse(parts)),
  flags: flagsSchema.parse(JSON.parse(flags)),
  isKept: isKept === 1,
})

const isSameEdge = (a: LinkEvidence, b: EvidenceRow): boolean =>
  a.srcConceptId === b.srcConceptId && a.dstConceptId === b.dstConceptId && a.relType === b.relType
