-- What each run or making of vectors may still take of the usage window before it counts again; the others leave it alone.
CREATE TABLE window_holds (
  machine TEXT NOT NULL,
  pid INTEGER NOT NULL,
  pid_started TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('run', 'embed')), -- one process may do both at once
  window_starts_at_ms INTEGER NOT NULL,
  tokens INTEGER NOT NULL CHECK (tokens >= 0),
  PRIMARY KEY (machine, pid, pid_started, purpose)
) STRICT, WITHOUT ROWID;
