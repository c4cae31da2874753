-- Files that go with messages; their bytes lie in R2 under `files/{site}/{id}`.
CREATE TABLE files (
  site_id TEXT NOT NULL,
  id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  -- The browser that brought it; empty for the team and for providers.
  address_key TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  -- The place of the message it goes with.
  seq INTEGER,
  -- When it is to be removed: what goes with no message a day later, what is erased at once.
  due_at_ms INTEGER,
  PRIMARY KEY (site_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX files_by_conversation ON files (site_id, conversation_id, created_at_ms);
CREATE INDEX files_due ON files (due_at_ms) WHERE due_at_ms IS NOT NULL;
