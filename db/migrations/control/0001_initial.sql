-- The host's side: plans, shards, leases, runs, grants, events, fields. Short BEGIN IMMEDIATE transactions only.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE plans (
  plan_no INTEGER PRIMARY KEY,
  digest TEXT NOT NULL, -- of inputs and settings: the same plan again goes on where it stopped
  state TEXT NOT NULL CHECK (state = 'intake' OR state = 'expand' OR state = 'write' OR state = 'done'),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  summary TEXT CHECK (summary IS NULL OR json_valid(summary)),
  created_at_ms INTEGER NOT NULL
) STRICT;

-- A shard's number is a name, not a position: a split gives its children new ones.
CREATE TABLE shards (
  shard_no INTEGER PRIMARY KEY CHECK (shard_no BETWEEN 0 AND 65535),
  key_first INTEGER NOT NULL, -- inclusive
  key_last INTEGER NOT NULL,  -- inclusive, so that the last range fits a signed integer
  state TEXT NOT NULL CHECK (state = 'ready' OR state = 'split' OR state = 'damaged'),
  CHECK (key_first <= key_last)
) STRICT;

-- Who may write a shard (scope 'shard:3'), the plan ('plan') or a field ('merge').
CREATE TABLE leases (
  scope TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL, -- raised at every claim; the shard file holds the one that may write
  holder TEXT, -- NULL: free
  pid INTEGER,
  pid_started TEXT, -- start time of the process as the system tells it, since pids come again
  heartbeat INTEGER NOT NULL DEFAULT 0, -- raised by the worker, never by a timer of the host
  claimed_at_ms INTEGER NOT NULL,
  CHECK ((holder IS NULL) = (pid IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  run_id INTEGER PRIMARY KEY,
  run_tag TEXT NOT NULL UNIQUE,
  plan_no INTEGER NOT NULL REFERENCES plans,
  task TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  cap_micro_usd INTEGER CHECK (cap_micro_usd >= 0), -- NULL: no cap
  cap_tokens INTEGER CHECK (cap_tokens >= 0),
  cap_calls INTEGER CHECK (cap_calls >= 0),
  -- The highest caps that the run ever had: one that is lowered below what was granted only stops new grants.
  most_micro_usd INTEGER CHECK (most_micro_usd IS NULL OR most_micro_usd >= cap_micro_usd),
  most_tokens INTEGER CHECK (most_tokens IS NULL OR most_tokens >= cap_tokens),
  most_calls INTEGER CHECK (most_calls IS NULL OR most_calls >= cap_calls),
  sweep_through_key INTEGER, -- the last sweep gives the expensive lane up to here; NULL: not decided yet
  created_at_ms INTEGER NOT NULL,
  closed_at_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX one_open_run ON runs (task) WHERE state = 'open';

CREATE TABLE grants (
  grant_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs,
  shard_no INTEGER NOT NULL REFERENCES shards,
  micro_usd INTEGER NOT NULL CHECK (micro_usd >= 0),
  tokens INTEGER NOT NULL CHECK (tokens >= 0),
  calls INTEGER NOT NULL CHECK (calls >= 0),
  state TEXT NOT NULL CHECK (state IN ('open', 'returned'))
) STRICT;

CREATE TABLE events (
  event_id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  level TEXT NOT NULL CHECK (level = 'info' OR level = 'warn' OR level = 'error'),
  kind TEXT NOT NULL,
  run_id INTEGER,
  shard_no INTEGER,
  payload TEXT NOT NULL CHECK (json_valid(payload))
) STRICT;

CREATE TABLE fields (
  field_tag TEXT PRIMARY KEY,
  base_tag TEXT,
  state TEXT NOT NULL CHECK (state = 'building' OR state = 'blocked' OR state = 'published'),
  field_digest TEXT,
  is_complete INTEGER CHECK (is_complete IN (0, 1)),
  metrics TEXT CHECK (metrics IS NULL OR json_valid(metrics)),
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE iterations (
  iteration_no INTEGER PRIMARY KEY,
  run_id INTEGER REFERENCES runs,
  field_tag TEXT,
  state TEXT NOT NULL CHECK (state = 'running' OR state = 'failed' OR state = 'done'),
  metrics TEXT CHECK (metrics IS NULL OR json_valid(metrics)),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE VIEW audit_ranges AS -- every row must say 0: the ready shards cover the key space without gap or overlap
SELECT shard_no,
  CASE WHEN lag(key_last) OVER w IS NULL THEN key_first <> -9223372036854775808
       ELSE key_first <> lag(key_last) OVER w + 1 END AS gap_before,
  CASE WHEN lead(key_first) OVER w IS NULL THEN key_last <> 9223372036854775807 ELSE 0 END AS gap_after
FROM shards WHERE state <> 'split' WINDOW w AS (ORDER BY key_first);

CREATE VIEW audit_leases AS
SELECT scope, holder, pid, epoch, heartbeat FROM leases WHERE holder IS NOT NULL;

CREATE VIEW audit_grants AS
SELECT r.run_id, r.run_tag,
  r.cap_micro_usd, r.most_micro_usd, coalesce(sum(g.micro_usd), 0) AS granted_micro_usd,
  r.cap_tokens, r.most_tokens, coalesce(sum(g.tokens), 0) AS granted_tokens,
  r.cap_calls, r.most_calls, coalesce(sum(g.calls), 0) AS granted_calls
FROM runs r LEFT JOIN grants g USING (run_id)
GROUP BY r.run_id;
