/** Builds of vectors: what a cap belongs to, over every start until nothing is left to do. */
import type { Caps } from '../../schemas/budget.ts'
import type { Db } from '../open.ts'

export interface EmbeddingBuild {
  readonly buildId: number
  readonly caps: Caps
  /** Whether a start of it asked for facts too. */
  readonly hasFacts: boolean
}

const CAP_COLUMNS = 'cap_micro_usd AS microUsd, cap_tokens AS tokens, cap_calls AS calls'
/** As `runs` has it: no cap at all is the highest. */
const highest = (kind: string): string =>
  `most_${kind} = CASE WHEN @${kind} IS NULL OR most_${kind} IS NULL THEN NULL ELSE max(most_${kind}, @${kind}) END`

export function embeddingBuildQueries(db: Db) {
  const open = db.prepare<[number], Caps & { buildId: number; hasFacts: 0 | 1 }>(
    `SELECT build_id AS buildId, has_facts AS hasFacts, ${CAP_COLUMNS} FROM builds
     WHERE model_no = ? AND state = 'open'`,
  )
  const begin = db.prepare(
    `INSERT INTO builds (model_no, state, has_facts, cap_micro_usd, cap_tokens, cap_calls, most_micro_usd, most_tokens, most_calls, created_at_ms)
     VALUES (@modelNo, 'open', @hasFacts, @microUsd, @tokens, @calls, @microUsd, @tokens, @calls, @nowMs)`,
  )
  const setCaps = db.prepare(
    `UPDATE builds SET ${highest('micro_usd')}, ${highest('tokens')}, ${highest('calls')},
       cap_micro_usd = @micro_usd, cap_tokens = @tokens, cap_calls = @calls WHERE build_id = @buildId`,
  )
  const addFacts = db.prepare('UPDATE builds SET has_facts = 1 WHERE build_id = ?')
  const close = db.prepare("UPDATE builds SET state = 'closed' WHERE build_id = ?")
  return {
    /** A model has one at most. */
    open(modelNo: number): EmbeddingBuild | undefined {
      const row = open.get(modelNo)
      if (row === undefined) return undefined
      const { buildId, hasFacts, ...caps } = row
      return { buildId, caps, hasFacts: hasFacts === 1 }
    },
    begin(
      modelNo: number,
      { caps, hasFacts }: Omit<EmbeddingBuild, 'buildId'>,
      nowMs: number,
    ): EmbeddingBuild {
      const row = { modelNo, ...caps, hasFacts: hasFacts ? 1 : 0, nowMs }
      return { buildId: Number(begin.run(row).lastInsertRowid), caps, hasFacts }
    },
    setCaps: (buildId: number, { microUsd, tokens, calls }: Caps): void =>
      void setCaps.run({ buildId, micro_usd: microUsd, tokens, calls }),
    addFacts: (buildId: number): void => void addFacts.run(buildId),
    close: (buildId: number): void => void close.run(buildId),
  }
}
