/** The laws of the control file and of the corpus. */
import type { AuditCheck } from './audit-check.ts'

export const CONTROL_CHECKS: readonly AuditCheck[] = [
  {
    name: 'ranges_cover_the_key_space',
    claim: 'the shards cover the key space without gap or overlap',
    sql: 'SELECT count(*) FROM audit_ranges WHERE gap_before <> 0 OR gap_after <> 0',
  },
  {
    name: 'grants_within_caps',
    claim: 'no run was granted more than the highest caps it ever had',
    sql: `SELECT count(*) FROM audit_grants
      WHERE granted_micro_usd > most_micro_usd OR granted_tokens > most_tokens OR granted_calls > most_calls`,
  },
  {
    name: 'published_fields_have_digests',
    claim: 'every published field is known with its digest',
    sql: "SELECT count(*) FROM fields WHERE state = 'published' AND field_digest IS NULL",
  },
]

export const CORPUS_CHECKS: readonly AuditCheck[] = [
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
    name: 'seeds_stand_first',
    claim: 'the first fact of a planned cluster is its seed, and no other is',
    sql: `SELECT count(*) FROM clusters c JOIN cluster_facts m USING (cluster_id)
      WHERE (m.i = 0) <> (m.fact_no = c.seed_fact_no) OR (m.i = 0) <> (m.standing = 'seed')`,
    when: 'planned',
  },
  {
    name: 'planned_cluster_ids_name_their_seed',
    claim: "every planned cluster's id is that of its seed and round",
    sql: `SELECT count(*) FROM clusters c JOIN facts f ON f.fact_no = c.seed_fact_no
      WHERE c.cluster_id <> rff_cluster_id(f.fact_id, c.round)`,
    isDeep: true,
  },
  {
    name: 'facts_come_from_an_input',
    claim: 'every fact was read from a line of an input',
    sql: `SELECT count(*) FROM facts f LEFT JOIN inputs i USING (input_no) WHERE i.input_no IS NULL`,
  },
  {
    name: 'fact_keys_are_hashes',
    claim: 'the key of every fact is the hash of its id',
    sql: 'SELECT count(*) FROM facts WHERE key <> rff_key(fact_id)',
    isDeep: true,
  },
]
