/** The quarantine to read through: its groups, and the cases of one in hash order, a page at a time. */
import type { FailureCode } from '../../schemas/failure.ts'
import type { QuarantineState } from '../../schemas/states.ts'
import type { Db } from '../open.ts'

export interface GroupCount {
  readonly signature: string
  readonly codes: readonly FailureCode[]
  readonly state: QuarantineState
  readonly cases: number
}

export interface CasePlace {
  readonly key: bigint
  readonly clusterId: string
}

export interface CaseLine {
  readonly clusterId: string
  /** Decimal: a 64-bit integer does not fit a JSON number. */
  readonly key: string
  readonly domain: string
  readonly state: QuarantineState
  readonly codes: readonly FailureCode[]
  readonly seedText: string
}

export interface CaseSlice {
  /** null for all groups. */
  readonly signature: string | null
  readonly state: QuarantineState | null
  readonly code: string | null
  readonly after: CasePlace
  readonly limit: number
}

const PAGE = `
  SELECT q.cluster_id AS clusterId, CAST(c.key AS TEXT) AS key, c.domain, q.state, q.codes,
    (SELECT text FROM cluster_members m WHERE m.cluster_id = c.cluster_id AND m.i = 0) AS seedText
  FROM quarantine q JOIN clusters c USING (cluster_id)
  WHERE (c.key, q.cluster_id) > (@key, @clusterId) AND (@signature IS NULL OR q.signature = @signature)
    AND (@state IS NULL OR q.state = @state)
    AND (@code IS NULL OR EXISTS (SELECT 1 FROM json_each(q.codes) WHERE value = @code))
  ORDER BY c.key, q.cluster_id LIMIT @limit`

type Raw<T extends { codes: unknown }> = Omit<T, 'codes'> & { codes: string }

const shaped = <T extends { codes: readonly FailureCode[] }>(row: Raw<T>): T =>
  ({ ...row, codes: JSON.parse(row.codes) as FailureCode[] }) as unknown as T

export function quarantinePages(db: Db) {
  const groups = db.prepare<[], Raw<GroupCount>>(
    `SELECT signature, codes, state, count(*) AS cases FROM quarantine GROUP BY signature, state
     ORDER BY signature, state`,
  )
  const page = db.prepare<object, Raw<CaseLine>>(PAGE)
  return {
    groups: (): GroupCount[] => groups.all().map(shaped<GroupCount>),
    /** Ascending by key, then by cluster. */
    page: ({ after, ...slice }: CaseSlice): CaseLine[] =>
      page.all({ ...slice, ...after }).map(shaped<CaseLine>),
  }
}
