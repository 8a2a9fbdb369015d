import type { Db } from '../open.ts'

export interface FactText {
  readonly factId: string
  readonly text: string
}

/** The texts of the facts that a corpus has and did not have to remove. */
export interface FactTexts {
  /** @returns undefined for a fact that is not among them */
  of(factId: string): string | undefined
  /** All of them in the order in which they lie in the file; nothing stays open between two of them. */
  all(): Iterable<FactText>
}

const PAGE_SIZE = 2_000

/** @param schema under which corpus.sqlite is attached */
export function corpusTexts(db: Db, schema: string): FactTexts {
  const find = db.prepare<[string], { text: string }>(
    `SELECT text FROM ${schema}.facts WHERE fact_id = ? AND state = 'live'`,
  )
  const page = db
    .prepare<[number], [number, string, string]>(
      `SELECT fact_no, fact_id, text FROM ${schema}.facts WHERE fact_no > ? AND state = 'live'
       ORDER BY fact_no LIMIT ${PAGE_SIZE}`,
    )
    .raw()
  return {
    of: (factId) => find.get(factId)?.text,
    *all() {
      let rows = page.all(0)
      while (rows.length > 0) {
        for (const [, factId, text] of rows) yield { factId, text }
        rows = page.all(rows.at(-1)![0])
      }
    },
  }
}
