-- Vectors that were paid for, and the books about them. One file a workspace, kept over all fields: a text that has
-- not changed is not paid for again. Texts stand here by their digests; only what a server said may quote one.

CREATE TABLE models (
  model_no INTEGER PRIMARY KEY,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  dimensions_asked INTEGER NOT NULL CHECK (dimensions_asked >= 0), -- 0: left to the model
  dimensions INTEGER CHECK (dimensions > 0), -- of its vectors; NULL until the first answer
  UNIQUE (provider, model, dimensions_asked)
) STRICT;

-- What a cap belongs to: one open build a model, joined by every start until nothing is left to do.
CREATE TABLE builds (
  build_id INTEGER PRIMARY KEY,
  model_no INTEGER NOT NULL REFERENCES models,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  has_facts INTEGER NOT NULL CHECK (has_facts IN (0, 1)), -- 1: facts were asked for too, by any of its starts
  cap_micro_usd INTEGER CHECK (cap_micro_usd >= 0), -- NULL: no cap
  cap_tokens INTEGER CHECK (cap_tokens >= 0),
  cap_calls INTEGER CHECK (cap_calls >= 0),
  -- The highest caps that it ever had: one that is lowered only stops new requests.
  most_micro_usd INTEGER CHECK (most_micro_usd IS NULL OR most_micro_usd >= cap_micro_usd),
  most_tokens INTEGER CHECK (most_tokens IS NULL OR most_tokens >= cap_tokens),
  most_calls INTEGER CHECK (most_calls IS NULL OR most_calls >= cap_calls),
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_open_build ON builds (model_no) WHERE state = 'open';

-- One row for each request that leaves, committed before it does.
CREATE TABLE requests (
  request_id INTEGER PRIMARY KEY,
  model_no INTEGER NOT NULL REFERENCES models,
  build_id INTEGER REFERENCES builds, -- NULL: the query of a search
  texts INTEGER NOT NULL CHECK (texts > 0),
  state TEXT NOT NULL CHECK (state = 'sent' OR state = 'settled' OR state = 'failed' OR state = 'unknown' OR state = 'reconciled'),
  reserved_micro_usd INTEGER NOT NULL CHECK (reserved_micro_usd >= 0),
  reserved_tokens INTEGER NOT NULL CHECK (reserved_tokens >= 0),
  micro_usd INTEGER CHECK (micro_usd >= 0),
  tokens INTEGER CHECK (tokens >= 0),
  is_bound INTEGER NOT NULL DEFAULT 0 CHECK (is_bound IN (0, 1)), -- 1: the answer told no usage, so its worst case is its cost
  code TEXT,
  http_status INTEGER,
  provider_request_id TEXT,
  answered_model TEXT, -- as the server names it; NULL where it names none, or did not answer
  latency_ms INTEGER,
  sent_at_ms INTEGER NOT NULL,
  CHECK ((state IN ('settled', 'reconciled')) = (micro_usd IS NOT NULL AND tokens IS NOT NULL)),
  CHECK (is_bound <= (state = 'settled')),
  CHECK ((state IN ('failed', 'unknown')) <= (code IS NOT NULL))
) STRICT;
CREATE INDEX requests_by_build ON requests (build_id, state);
CREATE INDEX requests_by_time ON requests (sent_at_ms);

CREATE TABLE vectors (
  vector_id INTEGER PRIMARY KEY,
  model_no INTEGER NOT NULL REFERENCES models,
  text_digest BLOB NOT NULL CHECK (length(text_digest) = 32), -- SHA-256 of the text as it was sent
  request_id INTEGER NOT NULL REFERENCES requests,
  vector BLOB NOT NULL CHECK (length(vector) > 0 AND length(vector) % 4 = 0) -- 32-bit floats, little-endian, as answered
) STRICT;
CREATE UNIQUE INDEX vectors_by_text ON vectors (model_no, text_digest);

-- Texts that the model does not take, so that they are not sent at every start. The message is the server's own and may
-- quote the text.
CREATE TABLE refused (
  model_no INTEGER NOT NULL REFERENCES models,
  text_digest BLOB NOT NULL CHECK (length(text_digest) = 32),
  request_id INTEGER NOT NULL REFERENCES requests,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (model_no, text_digest)
) STRICT, WITHOUT ROWID;

-- What stands booked for each request: its cost, or its worst case as long as nobody knows whether it is billed.
CREATE VIEW booked AS
SELECT request_id, model_no, build_id, state, sent_at_ms,
  CASE state WHEN 'failed' THEN 0 ELSE coalesce(micro_usd, reserved_micro_usd) END AS micro_usd,
  CASE state WHEN 'failed' THEN 0 ELSE coalesce(tokens, reserved_tokens) END AS tokens,
  CASE state WHEN 'failed' THEN 0 ELSE 1 END AS calls
FROM requests;

CREATE VIEW audit_embedding_spend AS -- booked must not be above the highest cap
SELECT b.build_id, m.provider || '/' || m.model AS model, b.state,
  b.cap_micro_usd, b.most_micro_usd, coalesce(sum(k.micro_usd), 0) AS booked_micro_usd,
  b.cap_tokens, b.most_tokens, coalesce(sum(k.tokens), 0) AS booked_tokens,
  b.cap_calls, b.most_calls, coalesce(sum(k.calls), 0) AS booked_calls
FROM builds b JOIN models m USING (model_no) LEFT JOIN booked k USING (build_id)
GROUP BY b.build_id;

CREATE VIEW audit_embedding_vectors AS -- every row must say 0 twice
SELECT m.provider || '/' || m.model AS model, m.dimensions, count(*) AS vectors,
  sum(length(v.vector) <> 4 * m.dimensions) AS of_another_length,
  sum(r.state <> 'settled') AS not_paid
FROM vectors v JOIN models m USING (model_no) JOIN requests r USING (request_id)
GROUP BY m.model_no;
