/**
 * The invariants, each as SQL that counts what breaks it: 0 is what a sound file says.
 *
 * Nothing here is newer than SQLite 3.40, so that a person's `sqlite3` gives the same answers. Two files that must agree
 * are read together: `control` and `corpus` are then attached under these names.
 */
import type { FileKind } from '../open.ts'

export interface AuditCheck {
  readonly name: string
  /** What is true of a sound file. */
  readonly claim: string
  /** One row, one number. */
  readonly sql: string
  /** Files that are attached, besides the one that is checked. */
  readonly reads?: readonly ('control' | 'corpus')[]
  /**
   * When it must hold. `free`: nobody works on the shard (work in progress is not settled yet). `planned`: the last
   * plan was finished.
   */
  readonly when?: 'free' | 'planned'
  /** Reads every row, or computes what a person's `sqlite3` cannot (`rff_key`). */
  readonly isDeep?: true
}

interface Versions {
  /** Of PassM, whose deltas a settled structure must have. */
  readonly passM: number
}

export function auditChecks(kind: FileKind, versions: Versions): readonly AuditCheck[] {
  if (kind === 'control') return [...CONTROL, ...OF_EVERY_FILE]
  if (kind === 'corpus') return [...CORPUS, ...OF_EVERY_FILE]
  if (kind === 'field') return [...FIELD, ...OF_EVERY_FILE]
  return [...shardChecks(versions), ...SHARD_BOOKS, ...SHARD_AND_OTHERS, ...OF_EVERY_FILE]
}

const OF_EVERY_FILE: readonly AuditCheck[] = [
  {
    name: 'references_hold',
    claim: 'no row refers to one that is missing',
    sql: 'SELECT count(*) FROM pragma_foreign_key_check',
    isDeep: true,
  },
  {
    name: 'pages_are_sound',
    claim: 'SQLite finds every page and index in order',
    sql: "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    isDeep: true,
  },
]

const CONTROL: readonly AuditCheck[] = [
  {
    name: 'ranges_cover_the_key_space',
    claim: 'the shards cover the key space without gap or overlap',
    sql: 'SELECT count(*) FROM audit_ranges WHERE gap_before <> 0 OR gap_after <> 0',
  },
  {
    name: 'grants_within_caps',
    claim: 'no run was granted more than its caps',
    sql: 'SELECT count(*) FROM audit_grants WHERE granted_micro_usd > cap_micro_usd OR granted_calls > cap_calls',
  },
  {
    name: 'published_fields_have_digests',
    claim: 'every published field is known with its digest',
    sql: "SELECT count(*) FROM fields WHERE state = 'published' AND field_digest IS NULL",
  },
]

const CORPUS: readonly AuditCheck[] = [
  {
    name: 'lines_are_accounted_for',
    claim: 'every line of every input stands in exactly one counter',
    sql: 'SELECT count(*) FROM audit_inputs WHERE difference <> 0',
  },
  {
    name: 'refused_lines_are_listed',
    claim: 'every refused line is listed with its place and reason',
    sql: `SELECT count(*) FROM inputs i
      WHERE refused <> (SELECT count(*) FROM refused r WHERE r.input_no = i.input_no)`,
  },
  {
    name: 'facts_are_covered',
    claim: 'every live fact is exactly one of seed, member, duplicate, unselected; no removed one is any',
    sql: `SELECT count(*) FROM facts f LEFT JOIN coverage c USING (fact_no)
      WHERE (f.state = 'live') <> (c.fact_no IS NOT NULL)`,
    when: 'planned',
  },
  {
    name: 'coverage_names_its_cluster',
    claim: 'a seed or member stands in the cluster that its coverage names',
    sql: `SELECT count(*) FROM coverage c
      LEFT JOIN cluster_facts m ON m.cluster_id = c.cluster_id AND m.fact_no = c.fact_no AND m.standing = c.role
      WHERE c.role IN ('seed', 'member') AND m.fact_no IS NULL`,
    when: 'planned',
  },
  {
    name: 'duplicates_follow_a_representative',
    claim: 'a duplicate follows a fact that follows no other',
    sql: `SELECT count(*) FROM coverage c LEFT JOIN coverage r ON r.fact_no = c.representative_fact_no
      WHERE c.role = 'duplicate' AND (r.fact_no IS NULL OR r.role = 'duplicate')`,
    when: 'planned',
  },
  {
    name: 'fact_keys_are_hashes',
    claim: 'the key of every fact is the hash of its id',
    sql: 'SELECT count(*) FROM facts WHERE key <> rff_key(fact_id)',
    isDeep: true,
  },
]

const KEY_FIRST = "CAST((SELECT value FROM meta WHERE key = 'key_first') AS INTEGER)"
const KEY_LAST = "CAST((SELECT value FROM meta WHERE key = 'key_last') AS INTEGER)"

const shardChecks = ({ passM }: Versions): readonly AuditCheck[] => [
  {
    name: 'conservation',
    claim: 'seeds = todo + ok + quarantined',
    sql: 'SELECT abs(difference) FROM audit_conservation',
  },
  {
    name: 'nothing_is_done_and_to_do',
    claim: 'no cluster is in the frontier and done',
    sql: 'SELECT count(*) FROM frontier JOIN done USING (cluster_id)',
  },
  {
    name: 'keys_are_in_range',
    claim: "every cluster's key is in the range of its shard",
    sql: `SELECT count(*) FROM clusters WHERE key NOT BETWEEN ${KEY_FIRST} AND ${KEY_LAST}`,
  },
  {
    name: 'frontier_repeats_its_clusters',
    claim: 'the frontier has the keys and seeds of its clusters',
    sql: `SELECT count(*) FROM frontier f JOIN clusters c USING (cluster_id)
      WHERE f.key <> c.key OR f.seed_fact_id <> c.seed_fact_id`,
  },
  {
    name: 'members_are_numbered',
    claim: 'the members of a cluster are numbered 0 to n - 1',
    sql: `SELECT count(*) FROM clusters c
      WHERE member_count <> (SELECT count(*) FROM cluster_members m WHERE m.cluster_id = c.cluster_id)
        OR member_count <> (SELECT max(i) + 1 FROM cluster_members m WHERE m.cluster_id = c.cluster_id)`,
  },
  {
    name: 'ok_has_a_structure',
    claim: 'every cluster that is ok has a structure, and no other has one',
    sql: `SELECT count(*) FROM clusters c LEFT JOIN done d USING (cluster_id) LEFT JOIN structures s USING (cluster_id)
      WHERE (d.outcome IS 'ok') <> (s.cluster_id IS NOT NULL)`,
  },
  {
    name: 'quarantined_has_a_case',
    claim: 'every quarantined cluster has a case with its findings',
    sql: `SELECT count(*) FROM done d LEFT JOIN quarantine q USING (cluster_id)
      WHERE d.outcome = 'quarantined' AND q.cluster_id IS NULL`,
  },
  {
    name: 'retried_cases_are_to_do',
    claim: 'a case is marked as retried exactly while its cluster is in the frontier again',
    sql: `SELECT count(*) FROM quarantine q LEFT JOIN done d USING (cluster_id)
      WHERE (q.state = 'retried') <> (d.cluster_id IS NULL)`,
  },
  {
    name: 'structures_have_current_deltas',
    claim: 'every structure has the deltas of the current PassM',
    sql: `SELECT count(*) FROM structures WHERE materialised_version IS NOT ${passM}`,
    when: 'free',
  },
  {
    name: 'deltas_are_written_whole',
    claim: 'a structure is marked as materialised exactly where its cluster has a concept in the deltas',
    sql: `SELECT count(*) FROM clusters c LEFT JOIN structures s USING (cluster_id)
      WHERE (s.materialised_version IS NOT NULL)
        <> EXISTS (SELECT 1 FROM delta_concepts d WHERE d.cluster_id = c.cluster_id)`,
  },
]

const SHARD_BOOKS: readonly AuditCheck[] = [
  {
    name: 'answers_are_settled',
    claim: 'every stored answer belongs to an attempt that is settled',
    sql: "SELECT count(*) FROM answers w JOIN attempts a USING (attempt_id) WHERE a.state <> 'settled'",
  },
  {
    name: 'settled_has_an_answer',
    claim: 'every settled attempt has its answer, or names the attempt whose answer served',
    sql: `SELECT count(*) FROM attempts a LEFT JOIN answers w ON w.attempt_id = coalesce(a.reused_attempt_id, a.attempt_id)
      WHERE a.state = 'settled' AND w.attempt_id IS NULL`,
  },
  {
    name: 'ok_was_judged_ok',
    claim: 'the attempt that decided a cluster that is ok was judged ok or salvaged',
    sql: `SELECT count(*) FROM done d JOIN attempts a ON a.attempt_id = d.attempt_id
      WHERE d.outcome = 'ok' AND a.verdict IS NOT 'ok' AND a.verdict IS NOT 'salvaged'`,
  },
  {
    name: 'nothing_is_in_flight',
    claim: 'no request is in flight where nobody works',
    sql: "SELECT count(*) FROM attempts WHERE state = 'sent'",
    when: 'free',
  },
  {
    name: 'books_are_sane',
    claim: 'what failed or came from the store cost nothing, and nothing cost more than was reserved for it',
    sql: `SELECT count(*) FROM attempts
      WHERE (micro_usd > 0 AND (state = 'failed' OR reused_attempt_id IS NOT NULL))
        OR micro_usd > reserved_micro_usd OR cached_tokens > prompt_tokens`,
  },
]

const SHARD_AND_OTHERS: readonly AuditCheck[] = [
  {
    name: 'epoch_was_handed_out',
    claim: 'the epoch of the shard was handed out by the control file',
    sql: `SELECT count(*) FROM meta WHERE key = 'epoch' AND CAST(value AS INTEGER) > coalesce(
      (SELECT epoch FROM control.leases
       WHERE scope = 'shard:' || (SELECT value FROM meta WHERE key = 'shard_no')), 0)`,
    reads: ['control'],
  },
  {
    name: 'runs_are_known',
    claim: 'every outcome and attempt belongs to a run that the control file knows',
    sql: `SELECT count(*) FROM (SELECT run_id FROM done UNION SELECT run_id FROM attempts)
      WHERE run_id NOT IN (SELECT run_id FROM control.runs)`,
    reads: ['control'],
  },
  {
    name: 'grants_were_handed_out',
    claim: 'every grant of the shard was handed out by the control file',
    sql: `SELECT count(*) FROM grants g LEFT JOIN control.grants c USING (grant_id, run_id) WHERE c.grant_id IS NULL`,
    reads: ['control'],
  },
  {
    name: 'booked_within_grants',
    claim: 'where a run has a cap, no shard booked more than it was granted',
    sql: `SELECT count(*) FROM audit_grants g JOIN control.runs r USING (run_id)
      WHERE (r.cap_micro_usd IS NOT NULL AND g.booked_micro_usd > g.granted_micro_usd)
        OR (r.cap_calls IS NOT NULL AND g.booked_calls > g.granted_calls)
        OR (r.cap_tokens IS NOT NULL AND g.booked_tokens > g.granted_tokens)`,
    reads: ['control'],
  },
  {
    name: 'seeds_are_the_planned_ones',
    claim: 'the shard has as many clusters as the plan made in its range',
    sql: `SELECT abs((SELECT count(*) FROM clusters) - (
      SELECT count(*) FROM corpus.facts f JOIN corpus.clusters c ON c.seed_fact_no = f.fact_no
      WHERE f.key BETWEEN ${KEY_FIRST} AND ${KEY_LAST}))`,
    reads: ['corpus'],
    when: 'planned',
  },
  {
    name: 'members_are_the_planned_ones',
    claim: 'every cluster has the facts that the plan gave it, word for word',
    sql: `SELECT count(*) FROM (
      SELECT cluster_id, i, standing, fact_id, dup_group_id, domain, text FROM main.cluster_members
      WHERE standing <> 'context'
      EXCEPT
      SELECT m.cluster_id, m.i, m.standing, f.fact_id, f.dup_group_id, f.domain, f.text
      FROM corpus.cluster_facts m JOIN corpus.facts f USING (fact_no))`,
    reads: ['corpus'],
    when: 'planned',
    isDeep: true,
  },
  {
    name: 'cluster_keys_are_hashes',
    claim: 'the key of every cluster is the hash of its seed',
    sql: 'SELECT count(*) FROM clusters WHERE key <> rff_key(seed_fact_id)',
    isDeep: true,
  },
]

const FIELD: readonly AuditCheck[] = [
  {
    name: 'nothing_dangles',
    claim: 'every member, edge and name leads to a concept, and every concept has a member',
    sql: 'SELECT count(*) FROM audit_dangling',
  },
  {
    name: 'every_concept_is_findable',
    claim: 'the full-text index has one row for each concept',
    sql: 'SELECT abs((SELECT count(*) FROM concept_words) - (SELECT count(*) FROM concepts))',
  },
  {
    name: 'concepts_count_their_rows',
    claim: 'a concept has as many members and edges as it says',
    sql: `SELECT count(*) FROM concepts c
      WHERE member_count <> (SELECT count(*) FROM members m WHERE m.concept_id = c.concept_id)
        OR edge_count <> (SELECT count(*) FROM edges e WHERE e.src_concept_id = c.concept_id)
          + (SELECT count(*) FROM edges e WHERE e.dst_concept_id = c.concept_id)`,
  },
  {
    name: 'concepts_keep_their_canonical_fact',
    claim: 'the fact that a concept is named from is one of its members',
    sql: `SELECT count(*) FROM concepts c
      LEFT JOIN members m ON m.concept_id = c.concept_id AND m.fact_id = c.canonical_fact_id
      WHERE m.fact_id IS NULL`,
  },
  {
    name: 'members_are_facts',
    claim: 'every member and every piece of evidence is a fact of the corpus',
    sql: `SELECT count(*) FROM (SELECT fact_id FROM members UNION SELECT fact_id FROM edge_support) m
      LEFT JOIN corpus.facts f USING (fact_id) WHERE f.fact_id IS NULL`,
    reads: ['corpus'],
  },
  {
    name: 'support_is_a_set_of_clusters',
    claim: 'an edge counts each cluster that supports it once',
    sql: `SELECT count(*) FROM edges e WHERE support_count
      <> (SELECT count(DISTINCT cluster_id) FROM edge_support s WHERE s.edge_id = e.edge_id)`,
    isDeep: true,
  },
  {
    name: 'members_count_their_support',
    claim: 'a member counts each cluster that supports it once',
    sql: `SELECT count(*) FROM (
      SELECT concept_id, fact_id, support_count FROM members
      EXCEPT
      SELECT k.concept_id, r.fact_id, count(DISTINCT r.cluster_id)
      FROM raw_members r JOIN concept_map k ON k.raw_concept_id = r.concept_id GROUP BY k.concept_id, r.fact_id)`,
    isDeep: true,
  },
]
