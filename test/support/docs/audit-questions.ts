/** The questions of docs/audits.md. The answers are not written here: sqlite3 gives them, on a fresh demo workspace. */

export interface AuditQuestion {
  readonly question: string
  /** What the answer says, and what would be wrong. */
  readonly about: string
  /** Run by a shell in the folder that holds demo-rff. */
  readonly command: string
}

const FIELD = 'demo-rff/field/$(cat demo-rff/field/_current/MERGED)/field.sqlite'

export const AUDIT_QUESTIONS: readonly AuditQuestion[] = [
  {
    question: 'Is every seed of a shard accounted for?',
    about: '`difference` is seeds − todo − ok − quarantined: anything but 0 is a fault.',
    command: 'sqlite3 -header demo-rff/shards/0003.sqlite "SELECT * FROM audit_conservation"',
  },
  {
    question: 'And in all shards?',
    about: 'One line a shard, in the order of their ranges. The last column is 0 everywhere.',
    command:
      'for file in demo-rff/shards/*.sqlite; do sqlite3 "$file" "SELECT m.value, c.* FROM audit_conservation c, meta m WHERE m.key = \'shard_no\'"; done',
  },
  {
    question: 'Do the shards hold what the plan made?',
    about: 'Clusters of the plan in the range of this shard, beside those that its file has.',
    command: `sqlite3 -cmd "ATTACH 'demo-rff/corpus.sqlite' AS corpus" demo-rff/shards/0000.sqlite "SELECT (SELECT count(*) FROM corpus.facts f JOIN corpus.clusters c ON c.seed_fact_no = f.fact_no WHERE f.key BETWEEN (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'key_first') AND (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'key_last')) AS planned, (SELECT count(*) FROM clusters) AS there"`,
  },
  {
    question: 'Did every line of the input end somewhere?',
    about: 'A line is added, changed, removed, known, repeated, filtered or refused; `difference` is 0.',
    command:
      'sqlite3 -header demo-rff/corpus.sqlite "SELECT format, lines, added, changed, removed, known, repeated, filtered, refused, difference FROM audit_inputs"',
  },
  {
    question: 'Which lines were refused, and why?',
    about: 'One row a line with its place, its code and its first characters. The demo has none.',
    command:
      'sqlite3 demo-rff/corpus.sqlite "SELECT line_number, byte_offset, code, excerpt FROM audit_refused LIMIT 10"',
  },
  {
    question: 'What became of every fact?',
    about: 'Each live fact is exactly one of these; `difference` is 0.',
    command: 'sqlite3 -header demo-rff/corpus.sqlite "SELECT * FROM audit_coverage"',
  },
  {
    question: 'Which facts say the same?',
    about: 'The largest groups of known duplicates: one fact speaks for each, the others count as evidence.',
    command: `sqlite3 -header demo-rff/corpus.sqlite "SELECT r.fact_id, count(*) AS duplicates, substr(r.text, 1, 60) AS text FROM coverage c JOIN facts r ON r.fact_no = c.representative_fact_no WHERE c.role = 'duplicate' GROUP BY r.fact_id ORDER BY duplicates DESC, r.fact_id LIMIT 3"`,
  },
  {
    question: 'How large are the clusters?',
    about: 'Members in a cluster, and how many clusters have so many. Of one shard.',
    command:
      'sqlite3 -header demo-rff/shards/0000.sqlite "SELECT member_count, count(*) AS clusters FROM clusters GROUP BY member_count ORDER BY member_count"',
  },
  {
    question: 'Do the ranges of the shards cover the key space?',
    about: 'Both columns say 0: no gap and no overlap before, none behind the last.',
    command: 'sqlite3 -header demo-rff/control.sqlite "SELECT * FROM audit_ranges"',
  },
  {
    question: 'Who works on what just now?',
    about: 'Holders of shards, of the plan and of the merge. Nobody, in a workspace that is at rest.',
    command: 'sqlite3 demo-rff/control.sqlite "SELECT scope, holder, epoch FROM audit_leases"',
  },
  {
    question: 'What was asked, and what did it cost?',
    about: 'By run, lane, model and state. What is `sent` or `unknown` counts at its worst case.',
    command:
      'sqlite3 -header demo-rff/shards/0000.sqlite "SELECT run_id, lane, provider, model, state, attempts, reused, micro_usd FROM audit_spend"',
  },
  {
    question: 'Was anything asked twice?',
    about: 'Requests that were sent more than once in one shard, although an answer was stored. None.',
    command: `sqlite3 demo-rff/shards/0000.sqlite "SELECT request_key, count(*) FROM attempts WHERE state = 'settled' AND reused_attempt_id IS NULL GROUP BY request_key HAVING count(*) > 1"`,
  },
  {
    question: 'Is every answer stored that was paid for?',
    about: 'Settled attempts without a stored answer, and answers without a settled attempt: 0 and 0.',
    command: `sqlite3 demo-rff/shards/0000.sqlite "SELECT (SELECT count(*) FROM attempts a LEFT JOIN answers w ON w.attempt_id = coalesce(a.reused_attempt_id, a.attempt_id) WHERE a.state = 'settled' AND w.attempt_id IS NULL), (SELECT count(*) FROM answers w JOIN attempts a USING (attempt_id) WHERE a.state <> 'settled')"`,
  },
  {
    question: 'What went wrong, how often?',
    about:
      'Codes of answers and of transport, by lane; `docs/errors.md` explains them. The built-in rules make no such errors.',
    command: 'sqlite3 demo-rff/shards/0000.sqlite "SELECT * FROM audit_errors"',
  },
  {
    question: 'What stands behind a structure?',
    about: 'Seed, model, versions and the facts that it was made from, of the first cluster in hash order.',
    command:
      'sqlite3 -line demo-rff/shards/0000.sqlite "SELECT p.seed_fact_id, p.lane, p.provider, p.model, p.task_version, p.salvaged, p.facts FROM audit_provenance p JOIN clusters c USING (cluster_id) WHERE c.member_count = 2 ORDER BY c.key LIMIT 1"',
  },
  {
    question: 'Does every structure have its deltas?',
    about: 'Structures that PassM has not written down, and structures without a concept: 0 and 0.',
    command: `sqlite3 demo-rff/shards/0000.sqlite "SELECT (SELECT count(*) FROM structures WHERE materialised_version IS NULL), (SELECT count(*) FROM structures s WHERE NOT EXISTS (SELECT 1 FROM delta_concepts d WHERE d.cluster_id = s.cluster_id))"`,
  },
  {
    question: 'Which field is published?',
    about:
      'Its state, whether it knows every seed, and its digest: the same for everybody who makes this demo.',
    command: `sqlite3 -header demo-rff/control.sqlite "SELECT state, is_complete, field_digest FROM fields WHERE field_tag = '$(cat demo-rff/field/_current/MERGED)'"`,
  },
  {
    question: 'How large is the field?',
    about: '`facts` are the facts that are members of a concept.',
    command: `sqlite3 -header ${FIELD} "SELECT * FROM audit_counts"`,
  },
  {
    question: 'Does anything in it lead nowhere?',
    about: 'Members and edges without a concept, edges without support, names that were not mapped: no row.',
    command: `sqlite3 ${FIELD} "SELECT * FROM audit_dangling"`,
  },
  {
    question: 'Which relations does it have?',
    about: 'Edges between concepts by type, with the clusters that support them.',
    command: `sqlite3 -header ${FIELD} "SELECT * FROM audit_relation_types ORDER BY edges DESC, rel_type"`,
  },
  {
    question: 'Which links were dropped, and why?',
    about: 'Candidates of PassX_link by what became of them.',
    command: `sqlite3 -header ${FIELD} "SELECT is_kept, reason, count(*) AS links FROM links_scored GROUP BY is_kept, reason ORDER BY is_kept DESC, links DESC, reason"`,
  },
  {
    question: 'Who says so? An edge down to the words',
    about: 'The first edges by id, with the facts that support them and where these come from.',
    command: `sqlite3 -cmd "ATTACH 'demo-rff/corpus.sqlite' AS corpus" -line ${FIELD} "SELECT s.name AS source, e.rel_type, d.name AS target, p.evidence, f.text, f.source AS read_in FROM edges e JOIN concepts s ON s.concept_id = e.src_concept_id JOIN concepts d ON d.concept_id = e.dst_concept_id JOIN edge_support p USING (edge_id) JOIN corpus.facts f USING (fact_id) ORDER BY e.edge_id, f.fact_id, p.evidence LIMIT 2"`,
  },
  {
    question: 'Where did a fact end?',
    about: 'From a fact to its concept.',
    command: `sqlite3 -header ${FIELD} "SELECT m.fact_id, c.concept_id, c.name, m.role FROM members m JOIN concepts c USING (concept_id) ORDER BY m.fact_id LIMIT 3"`,
  },
  {
    question: 'Which names were taken for one concept?',
    about: 'Raw concepts that PassM′ counted to another one, with the name that they share.',
    command: `sqlite3 -header ${FIELD} "SELECT c.name, k.reason, k.via FROM concept_map k JOIN concepts c USING (concept_id) WHERE k.raw_concept_id <> k.concept_id ORDER BY k.raw_concept_id LIMIT 5"`,
  },
]
