/** What a field file says of itself, and how many rows its tables have. */
import type { FieldCounts } from '../../schemas/manifest.ts'
import type { Db } from '../open.ts'
import { PUBLISHED_TABLES } from './field-tables.ts'

/** Outside the digest, so a tag may stand here. */
export function describeField(db: Db, facts: Readonly<Record<string, string>>): void {
  const put = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  for (const [key, value] of Object.entries(facts)) put.run(key, value)
}

/** What the file says of itself. */
export const fieldFacts = (db: Db): Record<string, string> =>
  Object.fromEntries(db.prepare<[], [string, string]>('SELECT key, value FROM meta').raw().all())

/** Empties what PassG fills. */
export function emptyPublished(db: Db): void {
  for (const { name } of PUBLISHED_TABLES) db.exec(`DELETE FROM main.${name}`)
  db.exec('DELETE FROM concept_words')
}

const COUNTED = [
  'raw_concepts',
  'raw_members',
  'raw_edges',
  'raw_links',
  'superseded',
  'concepts',
  'aliases',
  'members',
  'fact_edges',
  'edges',
  'edge_support',
] as const satisfies readonly (keyof FieldCounts)[]

export const countField = (db: Db): FieldCounts =>
  db
    .prepare<[], FieldCounts>(
      `SELECT ${COUNTED.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ')}`,
    )
    .get()!

export function countSuperseded(db: Db): { reason: string; clusters: number }[] {
  return db
    .prepare<[], { reason: string; clusters: number }>(
      // The id of the new concept would make a row of every case.
      `SELECT CASE WHEN reason LIKE 'concept is now %' THEN 'concept is another now' ELSE reason END AS reason,
         count(*) AS clusters
       FROM superseded GROUP BY 1 ORDER BY 2 DESC, 1`,
    )
    .all()
}
