-- One shard: the work of one range of the key space, self-contained. Names are part of the interface: people audit them.
-- A CHECK says a = 'x' OR a = 'y', not a IN ('x', 'y', …): for three words or more SQLite builds a table of them for every
-- row that is written.
-- Keys are xxh64(seed_fact_id) with the top bit flipped, so that SQL's signed order is the order of the ranges.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A cluster is a seed with the facts around it. round 0 is the cluster its seed was first chosen for, a later round
-- is the number of the plan that grew it from a concept of the field.
CREATE TABLE clusters (
  cluster_id TEXT PRIMARY KEY,
  seed_fact_id TEXT NOT NULL,
  round INTEGER NOT NULL CHECK (round >= 0),
  key INTEGER NOT NULL,
  domain TEXT NOT NULL,
  member_count INTEGER NOT NULL CHECK (member_count >= 1),
  is_lone INTEGER NOT NULL CHECK (is_lone IN (0, 1)),
  UNIQUE (seed_fact_id, round)
) STRICT, WITHOUT ROWID;

CREATE TABLE cluster_members (
  cluster_id TEXT NOT NULL REFERENCES clusters ON DELETE CASCADE,
  i INTEGER NOT NULL CHECK (i >= 0),
  standing TEXT NOT NULL CHECK (standing = 'seed' OR standing = 'member' OR standing = 'context'),
  fact_id TEXT NOT NULL,
  dup_group_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (cluster_id, i),
  CHECK ((i = 0) = (standing = 'seed'))
) STRICT, WITHOUT ROWID;

-- What is still to do, in the order it is done: by key, the same for any number of threads.
CREATE TABLE frontier (
  seed_fact_id TEXT NOT NULL,
  cluster_id TEXT NOT NULL UNIQUE REFERENCES clusters ON DELETE CASCADE,
  key INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'todo' CHECK (state IN ('todo', 'sweep')),
  PRIMARY KEY (key, cluster_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE done (
  seed_fact_id TEXT NOT NULL,
  cluster_id TEXT PRIMARY KEY REFERENCES clusters ON DELETE CASCADE,
  outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'quarantined')),
  attempt_id INTEGER, -- the attempt whose answer decided; NULL where none ever came, or where a person corrected it
  run_id INTEGER NOT NULL,
  done_seq INTEGER NOT NULL UNIQUE -- ascending in the order of commits: what the files for people were written up to
) STRICT, WITHOUT ROWID;

-- A cluster of both is a fault: the pair of tables is a partition of clusters.
CREATE TRIGGER done_leaves_frontier BEFORE INSERT ON done
WHEN EXISTS (SELECT 1 FROM frontier WHERE cluster_id = NEW.cluster_id)
BEGIN SELECT RAISE(ABORT, 'cluster is still in the frontier'); END;

CREATE TRIGGER frontier_leaves_done BEFORE INSERT ON frontier
WHEN EXISTS (SELECT 1 FROM done WHERE cluster_id = NEW.cluster_id)
BEGIN SELECT RAISE(ABORT, 'cluster is already done'); END;

-- Clusters that the plan took back, so that a merge withdraws what they supported.
CREATE TABLE retired (
  cluster_id TEXT PRIMARY KEY,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a request. attempt_id = shard number * 2^36 + n, so it is unique over all shards and survives a split.
CREATE TABLE attempts (
  attempt_id INTEGER PRIMARY KEY,
  cluster_id TEXT NOT NULL, -- no reference: attempts outlive a cluster, they were paid for
  run_id INTEGER NOT NULL,
  task TEXT NOT NULL,
  lane TEXT NOT NULL CHECK (lane = 'primary' OR lane = 'repair' OR lane = 'expensive'),
  provider TEXT NOT NULL,
  model TEXT NOT NULL, -- as asked for; answered_by is what the provider says
  answered_by TEXT,
  service_tier TEXT, -- the tier that truly answered, where the provider tells; it has a price of its own
  request_key TEXT NOT NULL,
  prompt_digest TEXT NOT NULL,
  schema_digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = 'sent' OR state = 'settled' OR state = 'failed' OR state = 'unknown' OR state = 'reconciled'
  ),
  reused_attempt_id INTEGER, -- a stored answer served: nothing was sent
  failure_code TEXT, -- on the transport side
  finish_reason TEXT CHECK (
    finish_reason = 'stop' OR finish_reason = 'length' OR finish_reason = 'content_filter' OR finish_reason = 'refusal'
    OR finish_reason = 'other'
  ),
  http_status INTEGER,
  request_id TEXT, -- the provider's name of the request, for reconciling
  error_codes TEXT CHECK (error_codes IS NULL OR json_valid(error_codes)), -- NULL: not judged yet
  verdict TEXT CHECK (verdict = 'ok' OR verdict = 'salvaged' OR verdict = 'bad'),
  task_version INTEGER NOT NULL,
  prompt_tokens INTEGER NOT NULL DEFAULT 0,
  cached_tokens INTEGER NOT NULL DEFAULT 0,
  answer_tokens INTEGER NOT NULL DEFAULT 0,
  reserved_micro_usd INTEGER NOT NULL DEFAULT 0 CHECK (reserved_micro_usd >= 0), -- worst case, booked before it was sent
  reserved_tokens INTEGER NOT NULL DEFAULT 0 CHECK (reserved_tokens >= 0),
  micro_usd INTEGER NOT NULL DEFAULT 0 CHECK (micro_usd >= 0),
  latency_ms INTEGER,
  sent_at_ms INTEGER NOT NULL, -- for people; no result depends on it
  CHECK ((state = 'settled') = (finish_reason IS NOT NULL)),
  CHECK (verdict IS NULL OR state = 'settled'),
  CHECK ((verdict IS NULL) = (error_codes IS NULL)),
  CHECK (state <> 'failed' OR failure_code IS NOT NULL)
) STRICT;
CREATE INDEX attempts_by_cluster ON attempts (cluster_id, lane);
CREATE INDEX attempts_by_request ON attempts (request_key) WHERE state = 'settled';
CREATE INDEX attempts_open ON attempts (attempt_id) WHERE state = 'sent';
CREATE INDEX attempts_unknown ON attempts (attempt_id) WHERE state = 'unknown';

-- The raw answers, stored before anybody judges them. They are never deleted.
CREATE TABLE answers (
  attempt_id INTEGER PRIMARY KEY REFERENCES attempts,
  request_key TEXT NOT NULL,
  body TEXT NOT NULL,
  usage TEXT NOT NULL CHECK (json_valid(usage)),
  latency_ms INTEGER NOT NULL,
  superseded INTEGER NOT NULL DEFAULT 0 CHECK (superseded IN (0, 1)) -- asked anew with --fresh
) STRICT;

-- What a judged answer became, after salvage.
CREATE TABLE structures (
  cluster_id TEXT PRIMARY KEY REFERENCES clusters ON DELETE CASCADE,
  attempt_id INTEGER REFERENCES attempts, -- NULL: corrected by a person
  structure TEXT NOT NULL CHECK (json_valid(structure)),
  salvaged TEXT NOT NULL CHECK (json_valid(salvaged)),
  task_version INTEGER NOT NULL,
  materialised_version INTEGER -- version of PassM whose deltas stand below; NULL: not yet
) STRICT, WITHOUT ROWID;
CREATE INDEX structures_by_version ON structures (materialised_version, cluster_id);

CREATE TABLE quarantine (
  cluster_id TEXT PRIMARY KEY REFERENCES clusters ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (
    state = 'quarantined' OR state = 'retried' OR state = 'accepted_missing' OR state = 'corrected' OR state = 'needs_review'
  ),
  attempt_id INTEGER, -- the last one
  codes TEXT NOT NULL CHECK (json_valid(codes)), -- ascending
  signature TEXT NOT NULL, -- same codes on the same relation types and domain: one group
  findings TEXT NOT NULL CHECK (json_valid(findings)),
  note TEXT NOT NULL DEFAULT '' -- what a person said
) STRICT, WITHOUT ROWID;

-- PassM: what a structured cluster adds to the field.
CREATE TABLE delta_concepts (
  concept_id TEXT NOT NULL,
  cluster_id TEXT NOT NULL REFERENCES clusters ON DELETE CASCADE,
  name TEXT NOT NULL,
  normalised_name TEXT NOT NULL,
  gloss TEXT NOT NULL,
  aliases TEXT NOT NULL CHECK (json_valid(aliases)),
  domain TEXT NOT NULL,
  canonical_fact_id TEXT NOT NULL,
  PRIMARY KEY (concept_id, cluster_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delta_concepts_by_cluster ON delta_concepts (cluster_id);

CREATE TABLE delta_members (
  concept_id TEXT NOT NULL,
  fact_id TEXT NOT NULL,
  cluster_id TEXT NOT NULL REFERENCES clusters ON DELETE CASCADE,
  dup_group_id TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (concept_id, fact_id, cluster_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delta_members_by_cluster ON delta_members (cluster_id);

CREATE TABLE delta_edges (
  concept_id TEXT NOT NULL,
  src_fact_id TEXT NOT NULL,
  dst_fact_id TEXT NOT NULL,
  rel_type TEXT NOT NULL,
  cluster_id TEXT NOT NULL REFERENCES clusters ON DELETE CASCADE,
  support_fact_ids TEXT NOT NULL CHECK (json_valid(support_fact_ids)),
  PRIMARY KEY (concept_id, src_fact_id, dst_fact_id, rel_type, cluster_id),
  CHECK (src_fact_id <> dst_fact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delta_edges_by_cluster ON delta_edges (cluster_id);

CREATE TABLE delta_links (
  concept_id TEXT NOT NULL,
  target_normalised_name TEXT NOT NULL,
  rel_type TEXT NOT NULL,
  cluster_id TEXT NOT NULL REFERENCES clusters ON DELETE CASCADE,
  target_name TEXT NOT NULL,
  support_fact_ids TEXT NOT NULL CHECK (json_valid(support_fact_ids)),
  PRIMARY KEY (concept_id, target_normalised_name, rel_type, cluster_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delta_links_by_cluster ON delta_links (cluster_id);

-- Budget that the control file handed to this shard; reservations are made inside it. A returned grant holds what was
-- used of it.
CREATE TABLE grants (
  grant_id INTEGER PRIMARY KEY, -- the control file's number
  run_id INTEGER NOT NULL,
  micro_usd INTEGER NOT NULL CHECK (micro_usd >= 0),
  tokens INTEGER NOT NULL CHECK (tokens >= 0),
  calls INTEGER NOT NULL CHECK (calls >= 0),
  state TEXT NOT NULL CHECK (state IN ('open', 'returned'))
) STRICT;

-- How far a reader of the tables has come (ok.jsonl, bad.jsonl).
CREATE TABLE cursors (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIEW audit_conservation AS
SELECT
  (SELECT count(*) FROM clusters) AS seeds,
  (SELECT count(*) FROM frontier) AS todo,
  (SELECT count(*) FROM done WHERE outcome = 'ok') AS ok,
  (SELECT count(*) FROM done WHERE outcome = 'quarantined') AS quarantined,
  (SELECT count(*) FROM clusters) - (SELECT count(*) FROM frontier) - (SELECT count(*) FROM done) AS difference;

CREATE VIEW audit_spend AS
SELECT
  run_id, lane, provider, model, service_tier, state,
  count(*) AS attempts,
  sum(reused_attempt_id IS NOT NULL) AS reused,
  sum(prompt_tokens) AS prompt_tokens,
  sum(cached_tokens) AS cached_tokens,
  sum(answer_tokens) AS answer_tokens,
  sum(CASE WHEN state IN ('sent', 'unknown') THEN reserved_micro_usd ELSE micro_usd END) AS micro_usd
FROM attempts
GROUP BY run_id, lane, provider, model, service_tier, state;

-- What the run has booked against what it was granted; booked is never above granted where there is a cap.
CREATE VIEW audit_grants AS
SELECT
  b.run_id, b.booked_micro_usd, b.booked_tokens, b.booked_calls,
  coalesce(g.micro_usd, 0) AS granted_micro_usd, coalesce(g.tokens, 0) AS granted_tokens, coalesce(g.calls, 0) AS granted_calls
FROM (
  SELECT run_id,
    sum(CASE WHEN state IN ('sent', 'unknown') THEN reserved_micro_usd ELSE micro_usd END) AS booked_micro_usd,
    sum(CASE WHEN state IN ('sent', 'unknown') THEN reserved_tokens ELSE prompt_tokens + answer_tokens END) AS booked_tokens,
    sum(state <> 'failed') AS booked_calls
  FROM attempts
  WHERE reused_attempt_id IS NULL AND provider <> 'rules'
  GROUP BY run_id
) b
LEFT JOIN (
  SELECT run_id, sum(micro_usd) AS micro_usd, sum(tokens) AS tokens, sum(calls) AS calls FROM grants GROUP BY run_id
) g USING (run_id);

CREATE VIEW audit_errors AS
SELECT code, lane, count(*) AS attempts, count(DISTINCT cluster_id) AS clusters
FROM (
  SELECT e.value AS code, a.lane, a.cluster_id FROM attempts a, json_each(a.error_codes) e
  UNION ALL
  SELECT failure_code, lane, cluster_id FROM attempts WHERE failure_code IS NOT NULL
)
GROUP BY code, lane;

CREATE VIEW audit_provenance AS
SELECT
  s.cluster_id, c.seed_fact_id, s.attempt_id, a.lane, a.provider, coalesce(a.answered_by, a.model) AS model,
  a.prompt_digest, a.schema_digest, s.task_version, s.salvaged,
  (SELECT json_group_array(json_object('i', m.i, 'fact_id', m.fact_id, 'dup_group_id', m.dup_group_id))
   FROM cluster_members m WHERE m.cluster_id = s.cluster_id) AS facts
FROM structures s
JOIN clusters c USING (cluster_id)
LEFT JOIN attempts a ON a.attempt_id = s.attempt_id;
