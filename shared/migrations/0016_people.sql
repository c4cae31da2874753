-- Who turned out to be whom: each time two contacts were joined, by itself or by hand, and what it takes to undo it.
CREATE TABLE merges (
  site_id TEXT NOT NULL,
  id TEXT NOT NULL,
  into_id TEXT NOT NULL,
  from_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  -- Who of the team did it; empty where it came about by itself.
  done_by TEXT NOT NULL,
  evidence TEXT NOT NULL,
  undone_at_ms INTEGER,
  undone_by TEXT,
  detail TEXT NOT NULL,
  PRIMARY KEY (site_id, id)
) STRICT, WITHOUT ROWID;

-- What was joined before merges were recorded.
INSERT INTO merges (site_id, id, into_id, from_id, at_ms, done_by, evidence, detail)
SELECT site_id, 'mrg_' || substr(id, 5), merged_into, id, created_at_ms, '', '{}', '{}'
FROM contacts WHERE merged_into IS NOT NULL;

-- Nobody is joined to two at once.
CREATE UNIQUE INDEX merges_standing ON merges (site_id, from_id) WHERE undone_at_ms IS NULL;
CREATE INDEX merges_by_into ON merges (site_id, into_id);
CREATE INDEX merges_by_from ON merges (site_id, from_id);

-- Both are nobody else by then: whoever commits second loads again.
CREATE TRIGGER merges_join_apart BEFORE INSERT ON merges
WHEN EXISTS (
  SELECT 1 FROM contacts
  WHERE site_id = NEW.site_id AND id IN (NEW.into_id, NEW.from_id) AND merged_into IS NOT NULL
)
BEGIN SELECT RAISE(ABORT, 'the contacts have been joined'); END;

CREATE TRIGGER merges_are_undone_once BEFORE UPDATE OF undone_at_ms ON merges
WHEN OLD.undone_at_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the contacts have been parted'); END;

-- Who is not the same person, by the word of somebody of the team. The smaller id stands first.
CREATE TABLE apart (
  site_id TEXT NOT NULL,
  one_id TEXT NOT NULL,
  other_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  done_by TEXT NOT NULL,
  PRIMARY KEY (site_id, one_id, other_id)
) STRICT, WITHOUT ROWID;

-- The conversation something was planned or begun in, where it has been passed on.
ALTER TABLE planned ADD COLUMN came_from TEXT;
ALTER TABLE runs ADD COLUMN came_from TEXT;

-- Two people on one handle: 1 where several people are reached there.
ALTER TABLE handles ADD COLUMN is_shared INTEGER NOT NULL DEFAULT 0;

-- Whose a handle was before it was somebody else's.
CREATE TABLE former_handles (
  site_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  address_key TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  done_by TEXT NOT NULL,
  PRIMARY KEY (site_id, contact_id, kind, address_key, until_ms)
) STRICT, WITHOUT ROWID;

-- What a site's team keeps of its contacts besides, by the names its definition gives.
CREATE TABLE fields (
  site_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  done_by TEXT NOT NULL,
  PRIMARY KEY (site_id, contact_id, name)
) STRICT, WITHOUT ROWID;

-- When somebody of the team had a fact forgotten; its words are gone, so that it is not learnt from the same event again.
ALTER TABLE facts ADD COLUMN forgotten_at_ms INTEGER;
ALTER TABLE facts ADD COLUMN done_by TEXT;

-- When everything about the contact was erased.
ALTER TABLE contacts ADD COLUMN erased_at_ms INTEGER;

-- Whose an appointment is may change with who is who, and an erasure takes its words: neither is a change of it.
DROP TRIGGER appointments_change_in_order;
CREATE TRIGGER appointments_change_in_order
BEFORE UPDATE OF service_id, resource_id, starts_at_ms, ends_at_ms, busy_from_ms, busy_to_ms, day, state, version,
  sequence, late_by_min ON appointments
WHEN NEW.version IS NOT OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'the appointment has changed'); END;

DROP TRIGGER appointments_end_once;
CREATE TRIGGER appointments_end_once
BEFORE UPDATE OF service_id, resource_id, starts_at_ms, ends_at_ms, busy_from_ms, busy_to_ms, day, state, version,
  sequence, late_by_min ON appointments
WHEN OLD.state IN ('cancelled', 'missed', 'done')
BEGIN SELECT RAISE(ABORT, 'a finished appointment does not change'); END;

-- Erasure may blank what was said and put a keyed hash in the address's place, and nothing else.
DROP TRIGGER events_are_never_changed;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
WHEN NEW.body IS NOT '{"erased":{}}'
  OR NEW.site_id IS NOT OLD.site_id OR NEW.conversation_id IS NOT OLD.conversation_id OR NEW.seq IS NOT OLD.seq
  OR NEW.id IS NOT OLD.id OR NEW.at_ms IS NOT OLD.at_ms OR NEW.channel IS NOT OLD.channel
  OR NEW.speaker IS NOT OLD.speaker
  OR (NEW.address_key IS NOT OLD.address_key
    AND NOT (length(NEW.address_key) = 39 AND NEW.address_key GLOB 'erased:*'
      AND substr(NEW.address_key, 8) NOT GLOB '*[^0-9a-f]*'))
BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END;

-- The same of the consent ledger: its words may give way to their own SHA-256, which is what the chain is made of.
DROP TRIGGER consents_are_never_changed;
CREATE TRIGGER consents_are_never_changed BEFORE UPDATE ON consents
WHEN NEW.site_id IS NOT OLD.site_id OR NEW.kind IS NOT OLD.kind OR NEW.n IS NOT OLD.n OR NEW.id IS NOT OLD.id
  OR NEW.contact_id IS NOT OLD.contact_id OR NEW.at_ms IS NOT OLD.at_ms OR NEW.hash IS NOT OLD.hash
  OR NOT (length(NEW.address_key) = 39 AND NEW.address_key GLOB 'erased:*'
    AND substr(NEW.address_key, 8) NOT GLOB '*[^0-9a-f]*')
  OR NOT (length(NEW.body) = 77 AND NEW.body GLOB '{"erased":"*"}'
    AND substr(NEW.body, 12, 64) NOT GLOB '*[^0-9a-f]*')
BEGIN SELECT RAISE(ABORT, 'the consent ledger is append-only'); END;
