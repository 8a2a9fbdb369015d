-- The facts, once, with where each came from and what the plan made of it.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row an input of a plan. Every line ends in exactly one of the counters.
CREATE TABLE inputs (
  input_no INTEGER PRIMARY KEY,
  plan_no INTEGER NOT NULL,
  path TEXT NOT NULL,
  format TEXT NOT NULL,
  lines INTEGER NOT NULL DEFAULT 0,
  added INTEGER NOT NULL DEFAULT 0,     -- new facts
  changed INTEGER NOT NULL DEFAULT 0,   -- known facts with new content
  removed INTEGER NOT NULL DEFAULT 0,   -- facts marked as removed
  known INTEGER NOT NULL DEFAULT 0,     -- planned before, the same
  repeated INTEGER NOT NULL DEFAULT 0,  -- identical to an earlier line of this plan
  filtered INTEGER NOT NULL DEFAULT 0,  -- of a domain that was not asked for
  refused INTEGER NOT NULL DEFAULT 0,
  is_complete INTEGER NOT NULL DEFAULT 0 CHECK (is_complete IN (0, 1)),
  -- The last line that is settled, and a hash of it: where a killed intake goes on, and how it knows the input again.
  last_byte_offset INTEGER,
  last_line_number INTEGER,
  last_line_hash INTEGER,
  UNIQUE (plan_no, path),
  CHECK ((last_line_number IS NULL) = (last_byte_offset IS NULL)),
  CHECK ((last_line_number IS NULL) = (last_line_hash IS NULL)),
  CHECK (lines = added + changed + removed + known + repeated + filtered + refused)
) STRICT;

CREATE TABLE facts (
  fact_no INTEGER PRIMARY KEY, -- order of arrival; it never leaves this file
  fact_id TEXT NOT NULL, -- unique, see facts_by_id
  key INTEGER NOT NULL, -- xxh64(fact_id), top bit flipped
  dup_group_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  text TEXT NOT NULL,
  source TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'removed')),
  input_no INTEGER NOT NULL REFERENCES inputs, -- where it was read last; inputs of later plans have larger numbers
  byte_offset INTEGER NOT NULL,
  line_number INTEGER NOT NULL
) STRICT;
-- The first intake drops these three and builds them again, sorted, at its end.
CREATE UNIQUE INDEX facts_by_id ON facts (fact_id);
CREATE INDEX facts_by_key ON facts (key, fact_id);
-- Most facts stand alone, in a group of their own name, and facts_by_id finds that one; see db/queries/in-group.ts.
CREATE INDEX facts_by_group ON facts (dup_group_id, key, fact_id) WHERE fact_id <> dup_group_id;

CREATE TABLE refused (
  input_no INTEGER NOT NULL REFERENCES inputs,
  line_number INTEGER NOT NULL,
  byte_offset INTEGER NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  excerpt TEXT NOT NULL, -- the first characters of the line, for a person
  PRIMARY KEY (input_no, line_number)
) STRICT, WITHOUT ROWID;

-- Facts that a plan changed or took back: what the clusters have to be told, once.
CREATE TABLE touched (
  plan_no INTEGER NOT NULL,
  fact_no INTEGER NOT NULL REFERENCES facts,
  what TEXT NOT NULL CHECK (what IN (
    'changed',   -- other text or domain
    'regrouped', -- another dup_group_id: removed from its cluster, and added anew
    'removed',   -- by a record that says so
    'replaced'   -- absent from the inputs of plan --replace
  )),
  is_settled INTEGER NOT NULL DEFAULT 0 CHECK (is_settled IN (0, 1)),
  PRIMARY KEY (plan_no, fact_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX touched_to_settle ON touched (plan_no, fact_no) WHERE is_settled = 0;

CREATE TABLE clusters (
  cluster_id TEXT PRIMARY KEY,
  seed_fact_no INTEGER NOT NULL REFERENCES facts,
  round INTEGER NOT NULL CHECK (round >= 0),
  plan_no INTEGER NOT NULL, -- the last plan that made or changed it
  UNIQUE (seed_fact_no, round)
) STRICT, WITHOUT ROWID;
CREATE INDEX clusters_by_plan ON clusters (plan_no);

CREATE TABLE cluster_facts (
  cluster_id TEXT NOT NULL REFERENCES clusters ON DELETE CASCADE,
  i INTEGER NOT NULL CHECK (i >= 0),
  fact_no INTEGER NOT NULL REFERENCES facts,
  standing TEXT NOT NULL CHECK (standing = 'seed' OR standing = 'member' OR standing = 'context'),
  PRIMARY KEY (cluster_id, i)
) STRICT, WITHOUT ROWID;
CREATE INDEX cluster_facts_by_fact ON cluster_facts (fact_no);

-- Clusters that a plan took back; the shard files are told, and the next merge.
CREATE TABLE retired (
  cluster_id TEXT PRIMARY KEY,
  seed_key INTEGER NOT NULL,
  plan_no INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Each live fact is exactly one of these.
CREATE TABLE coverage (
  fact_no INTEGER PRIMARY KEY REFERENCES facts,
  role TEXT NOT NULL CHECK (role = 'seed' OR role = 'member' OR role = 'duplicate' OR role = 'unselected'),
  cluster_id TEXT, -- of a seed or member
  representative_fact_no INTEGER, -- of a duplicate
  CHECK ((role IN ('seed', 'member')) = (cluster_id IS NOT NULL)),
  CHECK ((role = 'duplicate') = (representative_fact_no IS NOT NULL))
) STRICT;
CREATE INDEX coverage_by_representative ON coverage (representative_fact_no) WHERE role = 'duplicate';

CREATE VIEW audit_coverage AS
SELECT
  (SELECT count(*) FROM facts WHERE state = 'live') AS facts,
  (SELECT count(*) FROM coverage WHERE role = 'seed') AS seeds,
  (SELECT count(*) FROM coverage WHERE role = 'member') AS members,
  (SELECT count(*) FROM coverage WHERE role = 'duplicate') AS duplicates,
  (SELECT count(*) FROM coverage WHERE role = 'unselected') AS unselected,
  (SELECT count(*) FROM facts WHERE state = 'live') - (SELECT count(*) FROM coverage) AS difference;

CREATE VIEW audit_inputs AS
SELECT plan_no, path, format, lines, added, changed, removed, known, repeated, filtered, refused,
  lines - added - changed - removed - known - repeated - filtered - refused AS difference
FROM inputs;

CREATE VIEW audit_refused AS
SELECT i.path, r.line_number, r.byte_offset, r.code, r.message, r.excerpt
FROM refused r JOIN inputs i USING (input_no);
