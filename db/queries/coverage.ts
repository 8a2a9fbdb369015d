/** Which facts PassX has to cover, and among which it looks for neighbours. Of the corpus file. */
import type { Db } from '../open.ts'

/** Where a reading stands; the first page begins before all keys. */
export interface FactCursor {
  readonly key: bigint
  readonly factId: string
}

export const BEFORE_ALL_FACTS: FactCursor = { key: -(2n ** 63n), factId: '' }

export interface RepresentativeRow {
  readonly factNo: number
  /** The low half of the key, 0 to 2^32 - 1: as good as the key, and independent of its shard, which the high half decides. */
  readonly priority: number
  readonly domain: string
  readonly text: string
  /** Whether it is to be covered; the others are there to be found. */
  readonly isUncovered: boolean
}

/** A duplicate follows its representative and is never looked at. */
const INDEXED = `
  f.state = 'live'
  AND (c.role IS NULL OR c.role IN ('seed', 'member') OR (c.role = 'unselected' AND @takesUnselected = 1))`

const UNCOVERED = `(c.role IS NULL OR c.role = 'unselected')`

const COUNT = `
  SELECT count(*) AS facts, coalesce(sum(${UNCOVERED}), 0) AS uncovered
  FROM facts f LEFT JOIN coverage c USING (fact_no)
  WHERE ${INDEXED}`

const PAGE = `
  SELECT f.fact_no, f.key & 4294967295, f.domain, f.text, ${UNCOVERED}
  FROM facts f LEFT JOIN coverage c USING (fact_no)
  WHERE (f.key, f.fact_id) > (@key, @factId) AND ${INDEXED}
  ORDER BY f.key, f.fact_id LIMIT @limit`

/** Only a fact that waits may be given a role: what is covered stays as it is. */
const WHERE_IT_WAITS = `
  ON CONFLICT (fact_no) DO UPDATE SET role = excluded.role, cluster_id = excluded.cluster_id
  WHERE coverage.role = 'unselected'`

/** By number of the facts, so that rows are appended. */
const PUT_CLUSTERED = `
  INSERT INTO coverage (fact_no, role, cluster_id)
  SELECT m.fact_no, m.standing, m.cluster_id
  FROM clusters c CROSS JOIN cluster_facts m USING (cluster_id)
  WHERE c.plan_no = @planNo AND c.round = @round AND m.standing <> 'context'
  ORDER BY m.fact_no ${WHERE_IT_WAITS}`

const PUT_UNSELECTED = `
  INSERT INTO coverage (fact_no, role) VALUES (?, 'unselected') ${WHERE_IT_WAITS}`

/** A fact that follows another one is spoken for by that. */
const SPOKEN_FOR = `
  SELECT coalesce(c.representative_fact_no, f.fact_no) AS factNo
  FROM facts f LEFT JOIN coverage c USING (fact_no)
  WHERE f.fact_id = ? AND f.state = 'live'`

type PageRow = [factNo: number, priority: number, domain: string, text: string, uncovered: number]

export interface FactPage {
  readonly rows: readonly RepresentativeRow[]
  readonly next: FactCursor
}

export function coverageQueries(db: Db) {
  const count = db.prepare<object, { facts: number; uncovered: number }>(COUNT)
  // Without big integers and names, which cost more than the rows; so the cursor has a statement of its own.
  const page = db.prepare<object, PageRow>(PAGE).raw()
  const cursorAt = db
    .prepare<[number], FactCursor>('SELECT key, fact_id AS factId FROM facts WHERE fact_no = ?')
    .safeIntegers()
  const putClustered = db.prepare(PUT_CLUSTERED)
  const putUnselected = db.prepare(PUT_UNSELECTED)
  const spokenFor = db.prepare<[string], number>(SPOKEN_FOR).pluck()
  return {
    /** @param takesUnselected whether facts that a sample left out are to be covered now */
    count: (takesUnselected: boolean): { facts: number; uncovered: number } =>
      count.get({ takesUnselected: Number(takesUnselected) })!,
    /** By (key, fact_id). @returns undefined after the last page */
    pageAfter(cursor: FactCursor, limit: number, takesUnselected: boolean): FactPage | undefined {
      const found = page.all({ ...cursor, limit, takesUnselected: Number(takesUnselected) })
      const last = found.at(-1)
      if (last === undefined) return undefined
      const rows = found.map(([factNo, priority, domain, text, uncovered]) => ({
        factNo,
        priority,
        domain,
        text,
        isUncovered: uncovered === 1,
      }))
      return { rows, next: cursorAt.get(last[0])! }
    },
    /** @returns the fact itself or its representative; undefined where it is not live */
    representativeOf: (factId: string): number | undefined => spokenFor.get(factId),
    /** Seeds and members of the clusters that a plan made in a round. */
    putClustered: (planNo: number, round: number): void => void putClustered.run({ planNo, round }),
    putUnselected: (factNo: number): void => void putUnselected.run(factNo),
  }
}
