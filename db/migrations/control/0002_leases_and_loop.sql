-- Heartbeats need to know on which machine a process number means something, and who raises them.
ALTER TABLE leases ADD COLUMN machine TEXT NOT NULL DEFAULT '';
ALTER TABLE leases ADD COLUMN beaten_by TEXT NOT NULL DEFAULT 'host' CHECK (beaten_by IN ('host', 'worker'));

-- What an iteration of the loop was to do, how far it came and why it stopped.
ALTER TABLE iterations ADD COLUMN seeds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE iterations ADD COLUMN done_before INTEGER NOT NULL DEFAULT 0; -- clusters that were done when it began
ALTER TABLE iterations ADD COLUMN step TEXT NOT NULL DEFAULT 'run'
  CHECK (step = 'run' OR step = 'merge' OR step = 'archive' OR step = 'end');
ALTER TABLE iterations ADD COLUMN tries INTEGER NOT NULL DEFAULT 1;
ALTER TABLE iterations ADD COLUMN failure TEXT CHECK (failure IS NULL OR json_valid(failure));

-- One row: whether the loop goes on, and why it does not.
CREATE TABLE loop_state (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  state TEXT NOT NULL CHECK (state = 'ready' OR state = 'stopping' OR state = 'paused'),
  reason TEXT, -- why it is paused
  strikes INTEGER NOT NULL DEFAULT 0, -- times in a row that an iteration failed with last_code
  last_code TEXT,
  CHECK ((state = 'paused') = (reason IS NOT NULL))
) STRICT;

CREATE VIEW audit_iterations AS
SELECT iteration_no, state, step, seeds, tries, run_id, field_tag, failure FROM iterations;
