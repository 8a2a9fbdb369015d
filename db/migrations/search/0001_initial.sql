-- What search reads beside a field: an index that is made from it and may be deleted and made again at any time.
-- Documents are numbered by weight, the best connected first, so that reading an index from its start gives the
-- weightiest matches first, however many there are. Marks are short words for what facets filter by.

CREATE TABLE index_meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE facets (
  mark TEXT PRIMARY KEY, -- d3: third domain, t2: second relation type, r5: run 5, s4: supported by 4 clusters or more
  facet TEXT NOT NULL CHECK (facet = 'domain' OR facet = 'relation' OR facet = 'run' OR facet = 'support'),
  value TEXT NOT NULL,
  concepts INTEGER NOT NULL DEFAULT 0,
  facts INTEGER NOT NULL DEFAULT 0,
  UNIQUE (facet, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE concept_docs (
  doc INTEGER PRIMARY KEY,
  concept_id TEXT NOT NULL,
  marks TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX concept_docs_by_id ON concept_docs (concept_id);

CREATE TABLE fact_docs (
  doc INTEGER PRIMARY KEY,
  fact_id TEXT NOT NULL,
  marks TEXT NOT NULL
) STRICT;

-- Which documents a word stands in is all that is asked, so positions, sizes and texts are not kept.
CREATE VIRTUAL TABLE concept_index USING fts5 (
  words, marks, content = '', columnsize = 0, detail = column, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE fact_index USING fts5 (
  words, marks, content = '', columnsize = 0, detail = column, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
