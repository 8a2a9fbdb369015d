-- One field. The tables of each stage stand apart, so that a stage can be run again on what came before it:
--   raw_*          the union of all deltas, before PassM' (every row names the cluster that supports it)
--   concept_map …  PassM'
--   links_raw, links_scored   PassX_link v0 and v1
--   concepts …     PassG: what is published
-- No clock, no cost and no tag stands in any of them but meta, which is outside the digest.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE raw_concepts (
  concept_id TEXT NOT NULL,
  cluster_id TEXT NOT NULL,
  name TEXT NOT NULL,
  normalised_name TEXT NOT NULL,
  gloss TEXT NOT NULL,
  aliases TEXT NOT NULL CHECK (json_valid(aliases)),
  domain TEXT NOT NULL,
  canonical_fact_id TEXT NOT NULL,
  PRIMARY KEY (concept_id, cluster_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE raw_members (
  concept_id TEXT NOT NULL,
  fact_id TEXT NOT NULL,
  cluster_id TEXT NOT NULL,
  dup_group_id TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (concept_id, fact_id, cluster_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE raw_edges (
  concept_id TEXT NOT NULL,
  src_fact_id TEXT NOT NULL,
  dst_fact_id TEXT NOT NULL,
  rel_type TEXT NOT NULL,
  cluster_id TEXT NOT NULL,
  support_fact_ids TEXT NOT NULL CHECK (json_valid(support_fact_ids)),
  PRIMARY KEY (concept_id, src_fact_id, dst_fact_id, rel_type, cluster_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE raw_links (
  concept_id TEXT NOT NULL,
  target_normalised_name TEXT NOT NULL,
  rel_type TEXT NOT NULL,
  cluster_id TEXT NOT NULL,
  target_name TEXT NOT NULL,
  support_fact_ids TEXT NOT NULL CHECK (json_valid(support_fact_ids)),
  PRIMARY KEY (concept_id, target_normalised_name, rel_type, cluster_id)
) STRICT, WITHOUT ROWID;

-- What the base had and this field has no more, with the reason.
CREATE TABLE superseded (
  cluster_id TEXT NOT NULL,
  concept_id TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (cluster_id, concept_id)
) STRICT, WITHOUT ROWID;

-- PassM': every raw concept has one canonical concept, itself included.
CREATE TABLE concept_map (
  raw_concept_id TEXT PRIMARY KEY,
  concept_id TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason = 'self' OR reason = 'alias' OR reason = 'near'),
  via TEXT NOT NULL -- the name that the two share, or the near name
) STRICT, WITHOUT ROWID;
CREATE INDEX concept_map_by_concept ON concept_map (concept_id);

CREATE TABLE vetoes (
  a_concept_id TEXT NOT NULL,
  b_concept_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  via TEXT NOT NULL,
  PRIMARY KEY (a_concept_id, b_concept_id),
  CHECK (a_concept_id < b_concept_id)
) STRICT, WITHOUT ROWID;

-- PassX_link v0: candidates with their evidence, one row a piece of evidence.
CREATE TABLE links_raw (
  src_concept_id TEXT NOT NULL,
  dst_concept_id TEXT NOT NULL,
  rel_type TEXT NOT NULL,
  evidence TEXT NOT NULL CHECK (evidence = 'named' OR evidence = 'mention' OR evidence = 'shared_terms'),
  fact_id TEXT NOT NULL, -- the fact that says so
  cluster_id TEXT NOT NULL, -- the cluster that brought the fact
  detail TEXT NOT NULL, -- the name or the terms that matched
  PRIMARY KEY (src_concept_id, dst_concept_id, rel_type, evidence, fact_id, cluster_id)
) STRICT, WITHOUT ROWID;

-- PassX_link v1: one row a candidate edge.
CREATE TABLE links_scored (
  src_concept_id TEXT NOT NULL,
  dst_concept_id TEXT NOT NULL,
  rel_type TEXT NOT NULL,
  score_millionths INTEGER NOT NULL CHECK (score_millionths BETWEEN 0 AND 1000000),
  parts TEXT NOT NULL CHECK (json_valid(parts)), -- what the score is made of
  is_kept INTEGER NOT NULL CHECK (is_kept IN (0, 1)),
  reason TEXT NOT NULL, -- why it was dropped; empty where kept
  flags TEXT NOT NULL CHECK (json_valid(flags)), -- what the audit finds suspicious
  PRIMARY KEY (src_concept_id, dst_concept_id, rel_type)
) STRICT, WITHOUT ROWID;

-- PassG.
CREATE TABLE concepts (
  concept_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  gloss TEXT NOT NULL,
  domain TEXT NOT NULL,
  canonical_fact_id TEXT NOT NULL,
  support_count INTEGER NOT NULL,
  member_count INTEGER NOT NULL,
  edge_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE aliases (
  concept_id TEXT NOT NULL,
  normalised_alias TEXT NOT NULL,
  alias TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin = 'name' OR origin = 'alias' OR origin = 'merged'),
  support_count INTEGER NOT NULL,
  PRIMARY KEY (concept_id, normalised_alias)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_name ON aliases (normalised_alias);

CREATE TABLE members (
  concept_id TEXT NOT NULL,
  fact_id TEXT NOT NULL,
  dup_group_id TEXT NOT NULL,
  role TEXT NOT NULL,
  support_count INTEGER NOT NULL,
  duplicate_count INTEGER NOT NULL, -- further facts of the group: they say the same and count as evidence
  PRIMARY KEY (concept_id, fact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_fact ON members (fact_id);

CREATE TABLE fact_edges (
  src_fact_id TEXT NOT NULL,
  dst_fact_id TEXT NOT NULL,
  rel_type TEXT NOT NULL,
  support_count INTEGER NOT NULL,
  PRIMARY KEY (src_fact_id, dst_fact_id, rel_type)
) STRICT, WITHOUT ROWID;

CREATE TABLE edges (
  edge_id TEXT PRIMARY KEY,
  src_concept_id TEXT NOT NULL,
  dst_concept_id TEXT NOT NULL,
  rel_type TEXT NOT NULL,
  score_millionths INTEGER NOT NULL,
  support_count INTEGER NOT NULL,
  UNIQUE (src_concept_id, dst_concept_id, rel_type),
  CHECK (src_concept_id <> dst_concept_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX edges_by_dst ON edges (dst_concept_id);

CREATE TABLE edge_support (
  edge_id TEXT NOT NULL,
  fact_id TEXT NOT NULL,
  cluster_id TEXT NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (edge_id, fact_id, cluster_id, evidence)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE concept_words USING fts5 (
  name, aliases, gloss, concept_id UNINDEXED, tokenize = 'porter unicode61'
);

-- Each must be empty.
CREATE VIEW audit_dangling AS
SELECT 'member without concept' AS fault, m.concept_id AS id FROM members m
  LEFT JOIN concepts c USING (concept_id) WHERE c.concept_id IS NULL
UNION ALL
SELECT 'edge without source', e.edge_id FROM edges e
  LEFT JOIN concepts c ON c.concept_id = e.src_concept_id WHERE c.concept_id IS NULL
UNION ALL
SELECT 'edge without target', e.edge_id FROM edges e
  LEFT JOIN concepts c ON c.concept_id = e.dst_concept_id WHERE c.concept_id IS NULL
UNION ALL
SELECT 'edge without support', e.edge_id FROM edges e
  LEFT JOIN edge_support s USING (edge_id) WHERE s.edge_id IS NULL
UNION ALL
SELECT 'concept without member', c.concept_id FROM concepts c
  LEFT JOIN members m USING (concept_id) WHERE m.concept_id IS NULL
UNION ALL
SELECT 'raw concept without canonical one', r.concept_id FROM raw_concepts r
  LEFT JOIN concept_map k ON k.raw_concept_id = r.concept_id WHERE k.concept_id IS NULL;

CREATE VIEW audit_counts AS
SELECT
  (SELECT count(*) FROM concepts) AS concepts,
  (SELECT count(*) FROM aliases) AS aliases,
  (SELECT count(*) FROM members) AS members,
  (SELECT count(DISTINCT fact_id) FROM members) AS facts,
  (SELECT count(*) FROM fact_edges) AS fact_edges,
  (SELECT count(*) FROM edges) AS edges;

CREATE VIEW audit_relation_types AS
SELECT rel_type, count(*) AS edges, sum(support_count) AS support FROM edges GROUP BY rel_type;
