-- Who uses a provider's limit on this machine: each gets an equal share of it, and a dead one's slice lapses.
CREATE TABLE limit_slices (
  limit_id TEXT NOT NULL, -- provider, model, and a digest of the key: never the key
  machine TEXT NOT NULL,
  pid INTEGER NOT NULL,
  pid_started TEXT NOT NULL, -- which boot and when, since pids come again
  lapses_at_ms INTEGER NOT NULL, -- on the machine's monotonic clock
  PRIMARY KEY (limit_id, machine, pid, pid_started)
) STRICT, WITHOUT ROWID;
