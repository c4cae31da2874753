-- Where a site is told what happens: its webhooks, and what is sent to them.

CREATE TABLE webhooks (
  site_id TEXT NOT NULL,
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  -- What it is told of: words with a space around each.
  kinds TEXT NOT NULL,
  -- on, off (by the team), disabled (because it failed for days).
  state TEXT NOT NULL,
  failing_since_ms INTEGER,
  made_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, id)
) STRICT, WITHOUT ROWID;

-- An outbox of its own. A row names what happened and holds none of its words: they are read when it is sent.
CREATE TABLE webhook_sends (
  site_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  -- The event's id, or the contact's: the same to every webhook and on every try.
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  contact_id TEXT,
  conversation_id TEXT,
  seq INTEGER,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  -- What the last try was answered, and when it was.
  status INTEGER,
  reason TEXT,
  tried_at_ms INTEGER,
  due_at_ms INTEGER NOT NULL,
  lease TEXT,
  lease_until_ms INTEGER,
  made_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, webhook_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_sends_due ON webhook_sends (due_at_ms, lease_until_ms, state, site_id, webhook_id, id)
  WHERE state IN ('pending', 'sending');
CREATE INDEX webhook_sends_log ON webhook_sends (site_id, webhook_id, made_at_ms);
