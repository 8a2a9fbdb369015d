/** The laws of a shard file: its clusters, its books, and what it must agree on with the other files. */
import type { AuditCheck } from './audit-check.ts'

interface Versions {
  /** Of PassM, whose deltas a settled structure must have. */
  readonly passM: number
}

export const shardChecks = (versions: Versions): readonly AuditCheck[] => [
  ...clusterChecks(versions),
  ...BOOKS,
  ...WITH_OTHERS,
]

const KEY_FIRST = "CAST((SELECT value FROM meta WHERE key = 'key_first') AS INTEGER)"
const KEY_LAST = "CAST((SELECT value FROM meta WHERE key = 'key_last') AS INTEGER)"

/** By the views, not as it was counted. A figure that another version kept under another name is none of this one's. */
const KEPT_IS_OTHER = `
  SELECT count(*) FROM meta k, audit_conservation c
  WHERE k.key = 'balance' AND (
    json_extract(k.value, '$.census.seeds') <> c.seeds
    OR json_extract(k.value, '$.census.todo') <> c.todo
    OR json_extract(k.value, '$.census.ok') <> c.ok
    OR json_extract(k.value, '$.census.quarantined') <> c.quarantined
    OR json_extract(k.value, '$.census.difference') <> c.difference
    OR json_extract(k.value, '$.census.sweep') <> (SELECT count(*) FROM frontier WHERE state = 'sweep')
    OR json_extract(k.value, '$.census.openAttempts') <> (SELECT count(*) FROM attempts WHERE state = 'sent')
    OR json_extract(k.value, '$.census.answers') <> (SELECT count(*) FROM answers)
    OR json_extract(k.value, '$.census.microUsd') <> (SELECT coalesce(sum(micro_usd), 0) FROM audit_spend)
    OR json_extract(k.value, '$.census.unmaterialised')
      <> (SELECT count(*) FROM structures WHERE materialised_version IS NULL)
    OR EXISTS (
      SELECT 1 FROM audit_grants g LEFT JOIN json_each(k.value, '$.use') u ON json_extract(u.value, '$.runId') = g.run_id
      WHERE json_extract(u.value, '$.tokens') IS NOT g.booked_tokens
        OR json_extract(u.value, '$.microUsd') IS NOT g.booked_micro_usd
        OR json_extract(u.value, '$.calls') IS NOT (
          SELECT sum(s.attempts - s.reused) FROM audit_spend s WHERE s.run_id = g.run_id AND s.provider <> 'rules'
        )
    )
  )`

const clusterChecks = ({ passM }: Versions): readonly AuditCheck[] => [
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
    name: 'clusters_begin_with_their_seed',
    claim: 'a cluster is named from its first fact, has its domain, and is lone where it has no other',
    sql: `SELECT count(*) FROM clusters c LEFT JOIN cluster_members m ON m.cluster_id = c.cluster_id AND m.i = 0
      WHERE m.fact_id IS NOT c.seed_fact_id OR m.domain IS NOT c.domain OR c.is_lone <> (c.member_count = 1)`,
  },
  {
    name: 'cluster_ids_name_their_seed',
    claim: "every cluster's id is that of its seed and round",
    sql: 'SELECT count(*) FROM clusters WHERE cluster_id <> rff_cluster_id(seed_fact_id, round)',
    isDeep: true,
  },
  {
    name: 'outcomes_repeat_their_seed',
    claim: 'an outcome names the seed of its cluster',
    sql: 'SELECT count(*) FROM done d JOIN clusters c USING (cluster_id) WHERE d.seed_fact_id <> c.seed_fact_id',
  },
  {
    name: 'outcomes_name_their_attempt',
    claim:
      'the attempt that decided a cluster is its own, and its structure or case names it and its task version',
    sql: `SELECT count(*) FROM done d
      LEFT JOIN attempts a USING (attempt_id)
      LEFT JOIN structures s ON s.cluster_id = d.cluster_id
      LEFT JOIN quarantine q ON q.cluster_id = d.cluster_id AND d.outcome = 'quarantined'
      WHERE (d.attempt_id IS NOT NULL AND a.cluster_id IS NOT d.cluster_id)
        OR s.attempt_id <> d.attempt_id OR (s.attempt_id = a.attempt_id AND s.task_version <> a.task_version)
        OR (q.cluster_id IS NOT NULL AND q.attempt_id IS NOT d.attempt_id)`,
  },
  {
    name: 'cases_repeat_their_codes',
    claim: 'a case has the codes of its findings, and of the attempt that decided it',
    sql: `SELECT count(*) FROM quarantine q JOIN done d USING (cluster_id) LEFT JOIN attempts a ON a.attempt_id = d.attempt_id
      WHERE d.outcome = 'quarantined' AND ((a.verdict IS NOT NULL AND a.error_codes <> q.codes)
        OR q.codes <> (SELECT json_group_array(code) FROM (
          SELECT DISTINCT json_extract(f.value, '$.code') AS code FROM json_each(q.findings) f ORDER BY 1)))`,
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
    name: 'corrected_cases_are_of_a_person',
    claim: 'a case is marked as corrected exactly where a structure stands that no attempt gave',
    sql: `SELECT count(*) FROM clusters c LEFT JOIN quarantine q USING (cluster_id) LEFT JOIN structures s USING (cluster_id)
      WHERE (q.state IS 'corrected') <> (s.cluster_id IS NOT NULL AND s.attempt_id IS NULL)`,
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

const BOOKS: readonly AuditCheck[] = [
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
    name: 'answers_are_of_their_request',
    claim:
      'an answer has the request key, tokens and latency of its attempt, and one that served again the key of the first',
    sql: `SELECT (SELECT count(*) FROM answers w JOIN attempts a USING (attempt_id)
        WHERE w.request_key <> a.request_key OR w.latency_ms IS NOT a.latency_ms
          OR json_extract(w.usage, '$.promptTokens') IS NOT a.prompt_tokens
          OR json_extract(w.usage, '$.cachedTokens') IS NOT a.cached_tokens
          OR json_extract(w.usage, '$.answerTokens') IS NOT a.answer_tokens)
      + (SELECT count(*) FROM attempts a JOIN attempts b ON b.attempt_id = a.reused_attempt_id
        WHERE a.request_key <> b.request_key)`,
  },
  {
    name: 'attempts_ask_the_same',
    claim: 'attempts with one request key asked the same provider and model with the same schema',
    sql: `SELECT count(*) FROM (SELECT 1 FROM attempts GROUP BY request_key
      HAVING min(provider) <> max(provider) OR min(model) <> max(model) OR min(schema_digest) <> max(schema_digest))`,
  },
  {
    name: 'ok_was_judged_ok',
    claim: 'the attempt that decided a cluster that is ok was judged ok or salvaged',
    sql: `SELECT count(*) FROM done d JOIN attempts a ON a.attempt_id = d.attempt_id
      WHERE d.outcome = 'ok' AND a.verdict IS NOT 'ok' AND a.verdict IS NOT 'salvaged'`,
  },
  {
    name: 'nothing_is_in_flight',
    claim: 'no request is in flight where nobody works, but for those of batches',
    sql: "SELECT count(*) FROM attempts WHERE state = 'sent' AND batch_intent_id IS NULL",
    when: 'free',
  },
  {
    name: 'batches_have_their_lines',
    claim:
      'every batch has as many attempts as its file has lines, and one that has ended has none under way',
    sql: `SELECT count(*) FROM audit_batches
      WHERE line_count <> under_way + settled + failed + unknown
        OR (under_way > 0 AND state NOT IN ('intended', 'uploaded', 'created'))`,
  },
  {
    name: 'kept_balance_is_true',
    claim: 'what the file keeps of its last counting is what its rows come to',
    sql: KEPT_IS_OTHER,
  },
  {
    name: 'books_are_sane',
    claim: 'what failed or came from the store cost nothing, and nothing cost more than was reserved for it',
    sql: `SELECT count(*) FROM attempts
      WHERE (micro_usd > 0 AND (state = 'failed' OR reused_attempt_id IS NOT NULL))
        OR micro_usd > reserved_micro_usd OR cached_tokens > prompt_tokens`,
  },
]

const WITH_OTHERS: readonly AuditCheck[] = [
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
    claim: 'every grant of the shard was handed out by the control file, and is no larger than that',
    sql: `SELECT count(*) FROM grants g LEFT JOIN control.grants c USING (grant_id, run_id)
      WHERE c.grant_id IS NULL OR g.micro_usd > c.micro_usd OR g.tokens > c.tokens OR g.calls > c.calls`,
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
    name: 'planned_clusters_are_here',
    claim: 'every cluster that the plan made in the range of the shard is here, with its seed and round',
    sql: `SELECT count(*) FROM (
      SELECT c.cluster_id, c.round, f.fact_id FROM corpus.facts f JOIN corpus.clusters c ON c.seed_fact_no = f.fact_no
      WHERE f.key BETWEEN ${KEY_FIRST} AND ${KEY_LAST}
      EXCEPT
      SELECT cluster_id, round, seed_fact_id FROM main.clusters)`,
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
