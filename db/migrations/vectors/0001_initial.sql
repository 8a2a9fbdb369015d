-- Which documents of a search index are near a vector: made from stored vectors, and may be deleted at any time. The
-- tables concept_bits and fact_bits are of sqlite-vec (vec0) and made with it, since their width is the model's.

CREATE TABLE index_meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE concept_vectors (
  doc INTEGER PRIMARY KEY, -- as concept_docs of the search index numbers it
  text_digest BLOB NOT NULL -- of vectors in embeddings.sqlite
) STRICT;

CREATE TABLE fact_vectors (
  doc INTEGER PRIMARY KEY,
  text_digest BLOB NOT NULL
) STRICT;

-- A dimension's mean over the first documents: a bit says on which side of it a vector lies.
CREATE TABLE means (
  kind TEXT PRIMARY KEY CHECK (kind IN ('concepts', 'facts')),
  mean BLOB NOT NULL
) STRICT, WITHOUT ROWID;
