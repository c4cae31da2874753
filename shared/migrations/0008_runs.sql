-- Runs of sequences: a contact's way through a file's steps, a row with its current step.
CREATE TABLE runs (
  site_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  sequence TEXT NOT NULL,
  -- What it is about: an appointment as it was then; else empty.
  about TEXT NOT NULL,
  version INTEGER NOT NULL,
  step TEXT NOT NULL,
  due_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'ended')),
  reason TEXT,
  body TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, conversation_id, sequence, about)
) STRICT, WITHOUT ROWID;

-- What is due is found by what is due, not by what is stored.
CREATE INDEX runs_due ON runs (due_at_ms) WHERE state = 'running';

-- Changes follow one another: one that was decided from an older version is refused with its whole batch.
CREATE TRIGGER runs_change_in_order BEFORE UPDATE ON runs
WHEN NEW.version IS NOT OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'the run has changed'); END;
