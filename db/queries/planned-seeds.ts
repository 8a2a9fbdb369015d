import type { Db } from '../open.ts'

/** How many clusters the plans made, over all shards. Of the corpus file. */
export const plannedSeeds = (db: Db): number =>
  db.prepare<[], number>('SELECT count(*) FROM clusters').pluck().get()!
