-- What our own staff are told by mail or text. No message of a conversation: it has an outbox of its own.

CREATE TABLE notices (
  id TEXT NOT NULL PRIMARY KEY,
  site_id TEXT NOT NULL,
  -- Whom of the team; NULL for somebody who is not of it yet.
  agent_id TEXT,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  to_address TEXT NOT NULL,
  subject TEXT,
  text TEXT NOT NULL,
  -- What it is about: notices of one group are withdrawn together.
  group_key TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  attempt INTEGER NOT NULL DEFAULT 0,
  due_at_ms INTEGER NOT NULL,
  lease TEXT,
  lease_until_ms INTEGER,
  provider_id TEXT,
  made_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX notices_due ON notices (due_at_ms, lease_until_ms, state, id) WHERE state IN ('pending', 'sending');
CREATE INDEX notices_waiting ON notices (site_id, group_key) WHERE state = 'pending';

CREATE TRIGGER notices_end_once BEFORE UPDATE ON notices
WHEN OLD.state IN ('sent', 'wedged', 'cancelled') AND NEW.state IS NOT OLD.state
BEGIN SELECT RAISE(ABORT, 'a finished notice does not change'); END;
