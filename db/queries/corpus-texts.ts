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

/** The same, where the file can be cut into ranges. */
export interface CorpusTexts extends FactTexts {
  /** Behind a fact's number up to another, the last one included. */
  between(after: number, last: number): Iterable<FactText>
  /** Of the last fact; 0 where there is none. */
  lastNo(): number
}

const PAGE_SIZE = 2_000

/** @param schema under which corpus.sqlite is attached */
export function corpusTexts(db: Db, schema: string): CorpusTexts {
  const find = db.prepare<[string], { text: string }>(
    `SELECT text FROM ${schema}.facts WHERE fact_id = ? AND state = 'live'`,
  )
  const page = db
    .prepare<[number, number], [number, string, string]>(
      `SELECT fact_no, fact_id, text FROM ${schema}.facts WHERE fact_no > ? AND fact_no <= ? AND state = 'live'
       ORDER BY fact_no LIMIT ${PAGE_SIZE}`,
    )
    .raw()
  const lastNo = db.prepare<[], number>(`SELECT coalesce(max(fact_no), 0) FROM ${schema}.facts`).pluck()
  function* between(after: number, last: number): Generator<FactText> {
    let rows = page.all(after, last)
    while (rows.length > 0) {
      for (const [, factId, text] of rows) yield { factId, text }
      rows = page.all(rows.at(-1)![0], last)
    }
  }
  return {
    of: (factId) => find.get(factId)?.text,
    all: () => between(0, Number.MAX_SAFE_INTEGER),
    between,
    lastNo: () => lastNo.get()!,
  }
}
