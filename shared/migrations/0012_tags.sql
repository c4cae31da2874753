-- The words a team sorts its contacts by.
CREATE TABLE tags (
  site_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, contact_id, tag)
) STRICT, WITHOUT ROWID;
