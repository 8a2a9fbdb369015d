/**
 * A shard file that has no clusters yet gets all of its range from the corpus, in statements that insert in the order
 * of each table's own key, so that no page is written twice.
 */
import type { Db } from '../open.ts'
import type { PlanSpan } from './planned-clusters.ts'

// CROSS JOIN holds SQLite to the way from the keys of the range to the seeds among them.
const CLUSTERS = `
  INSERT INTO main.clusters (cluster_id, seed_fact_id, round, key, domain, member_count, is_lone)
  SELECT cluster_id, fact_id, round, key, domain, members, members = 1
  FROM (
    SELECT c.cluster_id, f.fact_id, c.round, f.key, f.domain,
      (SELECT count(*) FROM corpus.cluster_facts m WHERE m.cluster_id = c.cluster_id) AS members
    FROM corpus.facts f CROSS JOIN corpus.clusters c ON c.seed_fact_no = f.fact_no
    WHERE f.key BETWEEN @keyFirst AND @keyLast AND c.plan_no > @after AND c.plan_no <= @through
    ORDER BY c.cluster_id LIMIT -1 -- the limit keeps SQLite from counting the members of each twice
  )`

const MEMBERS = `
  INSERT INTO main.cluster_members (cluster_id, i, standing, fact_id, dup_group_id, domain, text)
  SELECT m.cluster_id, m.i, m.standing, f.fact_id, f.dup_group_id, f.domain, f.text
  FROM main.clusters c CROSS JOIN corpus.cluster_facts m USING (cluster_id)
  CROSS JOIN corpus.facts f USING (fact_no)
  ORDER BY c.cluster_id, m.i`

const FRONTIER = `
  INSERT INTO main.frontier (seed_fact_id, cluster_id, key)
  SELECT seed_fact_id, cluster_id, key FROM main.clusters ORDER BY key, cluster_id`

const UNRETIRE = 'DELETE FROM main.retired WHERE cluster_id IN (SELECT cluster_id FROM main.clusters)'

/** The range is given, not read from the file: `meta` holds texts. */
export interface KeyRange {
  readonly keyFirst: bigint
  readonly keyLast: bigint
}

export function hasNoClusters(shard: Db): boolean {
  return shard.prepare('SELECT 1 FROM clusters LIMIT 1').get() === undefined
}

/** Large beside SQLite's own 2 MiB: the texts of members lie all over the corpus. In KiB. */
const CORPUS_CACHE_KIB = 65_536

/** For the connection of a shard that reads the corpus beside it; `close` before the shard is sealed. */
export function shardFilling(shard: Db, corpusPath: string) {
  shard.prepare('ATTACH ? AS corpus').run(corpusPath)
  shard.pragma(`corpus.cache_size = -${CORPUS_CACHE_KIB}`)
  const clusters = shard.prepare(CLUSTERS)
  const members = shard.prepare(MEMBERS)
  const frontier = shard.prepare(FRONTIER)
  const unretire = shard.prepare(UNRETIRE)
  return {
    /** Inside a transaction of the caller. @returns how many clusters */
    fill(plans: PlanSpan, { keyFirst, keyLast }: KeyRange): number {
      const written = clusters.run({ ...plans, keyFirst, keyLast }).changes
      members.run()
      frontier.run()
      unretire.run()
      return written
    },
    close: (): void => void shard.exec('DETACH corpus'),
  }
}
