-- What will be said unasked: rows that become due, and are decided then.
CREATE TABLE planned (
  id TEXT NOT NULL PRIMARY KEY,
  site_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  body TEXT NOT NULL,
  due_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  delivery_id TEXT,
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is due is found by what is due, not by what is stored.
CREATE INDEX planned_due ON planned (due_at_ms) WHERE state = 'waiting';
CREATE INDEX planned_by_conversation ON planned (conversation_id, due_at_ms);
