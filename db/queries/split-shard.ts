/** Copies one half of a shard file into another, by key: everything goes with its seed. */
import type { Db } from '../open.ts'

/** Tables whose rows belong to a cluster. */
const BY_CLUSTER = [
  'cluster_members',
  'frontier',
  'done',
  'structures',
  'quarantine',
  'delta_concepts',
  'delta_members',
  'delta_edges',
  'delta_links',
]

/** A batch that ended had lines of both halves; each child knows of its own. */
const KEEP_LINES_HERE = `
  DELETE FROM batches WHERE intent_id NOT IN (
    SELECT batch_intent_id FROM main.attempts WHERE batch_intent_id IS NOT NULL
  );
  UPDATE batches SET line_count = (SELECT count(*) FROM main.attempts WHERE batch_intent_id = intent_id)`

/** The parent's files for people hold a line of all that is done; the child's own begin behind it. */
const CURSORS = `
  INSERT INTO cursors SELECT name, (SELECT coalesce(max(done_seq), 0) FROM main.done)
  FROM parent.cursors WHERE name LIKE 'lines:%'`

/**
 * The parent's files for people are written up to its last outcome.
 *
 * @param child an empty shard file
 * Grants are not copied: the control file gives each half what its attempts have booked.
 *
 * @param isFirst the first half also takes what belongs to no cluster any more: attempts of clusters that were taken
 *   back
 */
export function copyHalf(
  child: Db,
  parentPath: string,
  keyFirst: bigint,
  keyLast: bigint,
  isFirst: boolean,
): void {
  child.prepare('ATTACH ? AS parent').run(parentPath)
  try {
    child.transaction(() => {
      child
        .prepare(
          'INSERT INTO clusters SELECT * FROM parent.clusters WHERE key BETWEEN @keyFirst AND @keyLast ORDER BY cluster_id',
        )
        .run({ keyFirst, keyLast })
      child.exec('INSERT INTO batches SELECT * FROM parent.batches')
      const owned = `cluster_id IN (SELECT cluster_id FROM main.clusters)`
      const orphaned = isFirst ? ' OR cluster_id NOT IN (SELECT cluster_id FROM parent.clusters)' : ''
      child.exec(
        `INSERT INTO attempts SELECT * FROM parent.attempts WHERE ${owned}${orphaned} ORDER BY attempt_id`,
      )
      child.exec(KEEP_LINES_HERE)
      child.exec(
        'INSERT INTO answers SELECT * FROM parent.answers WHERE attempt_id IN (SELECT attempt_id FROM main.attempts)',
      )
      for (const table of BY_CLUSTER)
        child.exec(`INSERT INTO ${table} SELECT * FROM parent.${table} WHERE ${owned}`)
      child.exec(CURSORS)
      child.exec('INSERT INTO retired SELECT * FROM parent.retired')
    })()
  } finally {
    child.exec('DETACH parent')
  }
}
