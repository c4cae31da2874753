-- The Message-IDs of an email that is answered are found by its place.
CREATE INDEX mail_ids_by_place ON mail_ids (site_id, conversation_id, seq);

-- A digest of a site's passages: whoever remembers what was found in them knows by it whether they have changed.
CREATE TABLE knowledge_digests (
  site_id TEXT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;
