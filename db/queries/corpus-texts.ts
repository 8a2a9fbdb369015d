import type { Db } from '../open.ts'

/**
 * The texts of facts by id, from a corpus that is attached.
 *
 * @returns undefined for a fact that the corpus does not have, or had to remove
 */
export function corpusTexts(db: Db, schema: string): (factId: string) => string | undefined {
  const find = db.prepare<[string], { text: string }>(
    `SELECT text FROM ${schema}.facts WHERE fact_id = ? AND state = 'live'`,
  )
  return (factId) => find.get(factId)?.text
}
