-- What was said is taken into the search and the counts of its day after it was committed, so that saying it costs nothing
-- more: each conversation knows how far, and each site since when it may have something new.
ALTER TABLE conversations ADD COLUMN digested_seq INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER conversations_are_digested_once BEFORE UPDATE OF digested_seq ON conversations
WHEN NEW.digested_seq <= OLD.digested_seq
BEGIN SELECT RAISE(ABORT, 'the conversation was digested'); END;

CREATE TABLE digests (
  site_id TEXT NOT NULL PRIMARY KEY,
  -- Everything that moved before is digested.
  since_ms INTEGER NOT NULL,
  done_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX digests_by_time ON digests (done_at_ms, site_id);

INSERT INTO digests SELECT id, 0, 0 FROM sites;
CREATE TRIGGER sites_are_digested AFTER INSERT ON sites
BEGIN INSERT INTO digests VALUES (NEW.id, 0, 0); END;

-- Search -----------------------------------------------------------------------------------------------------------

-- What was said, by the number under which its words stand in the index; a later one has a greater number.
CREATE TABLE search_entries (
  n INTEGER PRIMARY KEY,
  site_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  UNIQUE (conversation_id, seq)
) STRICT;

-- Words only: the texts stand on the timelines. `site` is one word for each site, so that no search leaves its own.
CREATE VIRTUAL TABLE search_words USING fts5 (
  site, subject, text, content = '', contentless_delete = 1, prefix = '2 3',
  tokenize = "unicode61 remove_diacritics 2"
);

CREATE TABLE people_entries (
  n INTEGER PRIMARY KEY,
  site_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  UNIQUE (site_id, contact_id)
) STRICT;

-- Names, and addresses with every end of theirs of three characters and more: what begins an end stands anywhere within.
CREATE VIRTUAL TABLE people_words USING fts5 (
  site, name, address, content = '', contentless_delete = 1, prefix = '2 3',
  tokenize = "unicode61 remove_diacritics 2"
);

-- Contacts whose name or addresses have changed since the search took them in, and how often.
CREATE TABLE search_stale (
  site_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (site_id, contact_id)
) STRICT, WITHOUT ROWID;

INSERT INTO search_stale SELECT site_id, id, 1 FROM contacts;

CREATE TRIGGER contacts_are_found AFTER INSERT ON contacts WHEN NEW.name IS NOT NULL
BEGIN
  INSERT INTO search_stale VALUES (NEW.site_id, NEW.id, 1)
  ON CONFLICT (site_id, contact_id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER contacts_are_found_anew AFTER UPDATE OF name ON contacts WHEN NEW.name IS NOT OLD.name
BEGIN
  INSERT INTO search_stale VALUES (NEW.site_id, NEW.id, 1)
  ON CONFLICT (site_id, contact_id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER contacts_are_found_no_more AFTER DELETE ON contacts
BEGIN
  DELETE FROM people_words WHERE rowid = (
    SELECT n FROM people_entries WHERE site_id = OLD.site_id AND contact_id = OLD.id);
  DELETE FROM people_entries WHERE site_id = OLD.site_id AND contact_id = OLD.id;
END;
CREATE TRIGGER handles_are_found AFTER INSERT ON handles WHEN NEW.kind <> 'visitor'
BEGIN
  INSERT INTO search_stale VALUES (NEW.site_id, NEW.contact_id, 1)
  ON CONFLICT (site_id, contact_id) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER handles_are_found_no_more AFTER DELETE ON handles WHEN OLD.kind <> 'visitor'
BEGIN
  INSERT INTO search_stale VALUES (OLD.site_id, OLD.contact_id, 1)
  ON CONFLICT (site_id, contact_id) DO UPDATE SET n = n + 1;
END;

-- What is erased is found no more.
CREATE TRIGGER events_are_found_no_more AFTER UPDATE OF body ON events
BEGIN
  DELETE FROM search_words WHERE rowid = (
    SELECT n FROM search_entries WHERE conversation_id = NEW.conversation_id AND seq = NEW.seq);
  DELETE FROM search_entries WHERE conversation_id = NEW.conversation_id AND seq = NEW.seq;
  DELETE FROM reviews WHERE conversation_id = NEW.conversation_id AND seq = NEW.seq;
END;

-- Counts and review --------------------------------------------------------------------------------------------------

-- How often what a report tells of happened on a day of the site's own calendar.
CREATE TABLE daily (
  site_id TEXT NOT NULL,
  day TEXT NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (site_id, day, name)
) STRICT, WITHOUT ROWID;

-- Answers of the assistant that somebody of the team should look at.
CREATE TABLE reviews (
  conversation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  site_id TEXT NOT NULL,
  why TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  done_by TEXT,
  PRIMARY KEY (conversation_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX reviews_open ON reviews (site_id, at_ms, conversation_id, seq) WHERE done_by IS NULL;

-- What the team taught the assistant: passages of their own, which no import touches.
CREATE TABLE taught (
  site_id TEXT NOT NULL,
  id TEXT NOT NULL,
  question TEXT NOT NULL,
  answer TEXT NOT NULL,
  taught_by TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, id)
) STRICT, WITHOUT ROWID;

-- Grows with everything that is taught: whoever remembers what was found knows by it that there is more.
ALTER TABLE knowledge_digests ADD COLUMN taught INTEGER NOT NULL DEFAULT 0;

-- Canned replies: a name and words with variables.
CREATE TABLE canned (
  site_id TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, name)
) STRICT, WITHOUT ROWID;
