import type { Db } from '../open.ts'

/** The domains of the clusters of a shard, ascending. */
export const domainsOf = (db: Db): string[] =>
  db.prepare<[], string>('SELECT DISTINCT domain FROM clusters ORDER BY domain').pluck().all()
