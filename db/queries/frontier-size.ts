import type { Db } from '../open.ts'

export interface FrontierSize {
  readonly todo: number
  /** Of `todo`: clusters of a lone fact. */
  readonly lone: number
}

export const frontierSize = (db: Db): FrontierSize =>
  db
    .prepare<[], FrontierSize>(
      `SELECT count(*) AS todo, coalesce(sum(c.is_lone), 0) AS lone
       FROM frontier f JOIN clusters c USING (cluster_id) WHERE f.state = 'todo'`,
    )
    .get()!
