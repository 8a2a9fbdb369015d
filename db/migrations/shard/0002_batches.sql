-- Batches: requests that went out as one file. The row stands before anything leaves, so a crash at any point finds
-- file and batch again at the provider: both carry the intent's id.
CREATE TABLE batches (
  intent_id TEXT PRIMARY KEY,
  run_id INTEGER NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = 'intended' OR state = 'uploaded' OR state = 'created' OR state = 'completed' OR state = 'expired'
    OR state = 'cancelled' OR state = 'failed'
  ),
  line_count INTEGER NOT NULL CHECK (line_count >= 1),
  file_bytes INTEGER NOT NULL CHECK (file_bytes >= 1),
  input_file_id TEXT, -- the provider's names
  remote_id TEXT,
  intended_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  failure_code TEXT, -- as the provider says it; NULL unless it failed
  failure_message TEXT,
  CHECK (state IN ('intended', 'failed') OR input_file_id IS NOT NULL),
  CHECK (state = 'intended' OR state = 'uploaded' OR state = 'failed' OR remote_id IS NOT NULL),
  CHECK ((state = 'intended' OR state = 'uploaded' OR state = 'created') = (ended_at_ms IS NULL)),
  CHECK ((state = 'failed') = (failure_code IS NOT NULL)),
  CHECK ((failure_code IS NULL) = (failure_message IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX batches_open ON batches (intended_at_ms) WHERE ended_at_ms IS NULL;

-- The line's custom_id is the attempt's id.
ALTER TABLE attempts ADD COLUMN batch_intent_id TEXT REFERENCES batches
  CHECK (batch_intent_id IS NULL OR reused_attempt_id IS NULL);
CREATE INDEX attempts_by_batch ON attempts (batch_intent_id, state) WHERE batch_intent_id IS NOT NULL;
CREATE INDEX attempts_asked_in_batches ON attempts (request_key) WHERE state = 'sent' AND batch_intent_id IS NOT NULL;

-- What a usage window has used is counted by time.
CREATE INDEX attempts_by_time ON attempts (sent_at_ms);

-- Every line of every batch, once; the sum of the last four columns is line_count.
CREATE VIEW audit_batches AS
SELECT b.intent_id, b.run_id, b.provider, b.model, b.state, b.remote_id, b.line_count,
  coalesce(sum(a.state = 'sent'), 0) AS under_way,
  coalesce(sum(a.state = 'settled'), 0) AS settled,
  coalesce(sum(a.state = 'failed'), 0) AS failed,
  coalesce(sum(a.state IN ('unknown', 'reconciled')), 0) AS unknown
FROM batches b LEFT JOIN attempts a ON a.batch_intent_id = b.intent_id
GROUP BY b.intent_id;
