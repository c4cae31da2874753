-- How far the team is with a conversation: whose it is, until when it is put off, since when its contact waits for a
-- person, and the place of the newest message. `joined` is a conversation whose contact turned out to be another: the list
-- shows the one that goes on.
ALTER TABLE conversations ADD COLUMN progress TEXT NOT NULL DEFAULT 'open';
ALTER TABLE conversations ADD COLUMN assigned TEXT;
ALTER TABLE conversations ADD COLUMN snoozed_until_ms INTEGER;
ALTER TABLE conversations ADD COLUMN waits_since_ms INTEGER;
ALTER TABLE conversations ADD COLUMN promised_by_ms INTEGER;
ALTER TABLE conversations ADD COLUMN said_seq INTEGER;
-- The newest delivery that did not arrive and that nobody has dealt with, and when that became known.
ALTER TABLE conversations ADD COLUMN not_delivered TEXT;
ALTER TABLE conversations ADD COLUMN not_delivered_at_ms INTEGER;

UPDATE conversations SET promised_by_ms = json_extract(promise, '$.by') WHERE promise IS NOT NULL;
UPDATE conversations SET said_seq = (
  SELECT MAX(e.seq) FROM events e WHERE e.conversation_id = conversations.id AND e.body LIKE '{"message":%');
UPDATE conversations SET progress = 'joined' WHERE EXISTS (
  SELECT 1 FROM contacts c
  WHERE c.site_id = conversations.site_id AND c.id = conversations.contact_id AND c.merged_into IS NOT NULL);

-- One index moves with every word; the others are written when the work itself changes.
DROP INDEX conversations_recent;
CREATE INDEX conversations_recent ON conversations (site_id, progress, updated_at_ms, id);
CREATE INDEX conversations_assigned ON conversations (site_id, assigned, updated_at_ms, id)
  WHERE assigned IS NOT NULL AND progress = 'open';
CREATE INDEX conversations_waiting ON conversations (site_id, waits_since_ms, id)
  WHERE waits_since_ms IS NOT NULL AND progress = 'open';
CREATE INDEX conversations_unassigned ON conversations (site_id, waits_since_ms, id, assigned)
  WHERE waits_since_ms IS NOT NULL AND assigned IS NULL AND progress = 'open';
CREATE INDEX conversations_snoozed ON conversations (snoozed_until_ms, site_id, id) WHERE progress = 'snoozed';
CREATE INDEX conversations_not_delivered ON conversations (site_id, not_delivered_at_ms, id, progress)
  WHERE not_delivered_at_ms IS NOT NULL AND progress <> 'joined';
DROP INDEX conversations_promises;
CREATE INDEX conversations_promises ON conversations (site_id, promised_by_ms, id, progress)
  WHERE promised_by_ms IS NOT NULL AND progress <> 'joined';

-- Whoever ends a delivery, the conversation that goes on knows of it.
CREATE TRIGGER deliveries_wedge AFTER UPDATE OF state ON deliveries
WHEN NEW.state = 'wedged' AND OLD.state <> 'wedged'
BEGIN
  UPDATE conversations SET not_delivered = NEW.id, not_delivered_at_ms = NEW.updated_at_ms
  WHERE site_id = NEW.site_id AND contact_id = (
    SELECT COALESCE(o.merged_into, o.id) FROM conversations v
    JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
    WHERE v.id = NEW.conversation_id AND v.site_id = NEW.site_id);
END;

-- A later message that arrives settles it, and so does the word that this one has arrived after all.
CREATE TRIGGER deliveries_arrive AFTER UPDATE OF state ON deliveries
WHEN NEW.state IN ('delivered', 'read') AND OLD.state NOT IN ('delivered', 'read')
BEGIN
  UPDATE conversations SET not_delivered = NULL, not_delivered_at_ms = NULL
  WHERE site_id = NEW.site_id AND not_delivered_at_ms IS NOT NULL
    AND (not_delivered = NEW.id OR not_delivered_at_ms <= NEW.due_at_ms)
    AND contact_id = (
      SELECT COALESCE(o.merged_into, o.id) FROM conversations v
      JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
      WHERE v.id = NEW.conversation_id AND v.site_id = NEW.site_id);
END;

-- Whoever joins two contacts or parts them again, the list shows one conversation, or both.
CREATE TRIGGER contacts_join AFTER UPDATE OF merged_into ON contacts
WHEN OLD.merged_into IS NULL AND NEW.merged_into IS NOT NULL
BEGIN
  UPDATE conversations SET
    not_delivered = (SELECT v.not_delivered FROM conversations v
      WHERE v.site_id = NEW.site_id AND v.contact_id = NEW.id),
    not_delivered_at_ms = (SELECT v.not_delivered_at_ms FROM conversations v
      WHERE v.site_id = NEW.site_id AND v.contact_id = NEW.id)
  WHERE site_id = NEW.site_id AND contact_id = NEW.merged_into AND not_delivered IS NULL
    AND EXISTS (SELECT 1 FROM conversations v
      WHERE v.site_id = NEW.site_id AND v.contact_id = NEW.id AND v.not_delivered IS NOT NULL);
  UPDATE conversations SET progress = 'joined' WHERE site_id = NEW.site_id AND contact_id = NEW.id;
END;

CREATE TRIGGER contacts_part AFTER UPDATE OF merged_into ON contacts
WHEN OLD.merged_into IS NOT NULL AND NEW.merged_into IS NULL
BEGIN
  UPDATE conversations SET progress = 'open', snoozed_until_ms = NULL
  WHERE site_id = NEW.site_id AND contact_id = NEW.id;
END;

-- Who of a site's team was given a conversation by turn, and when, as JSON. Turns are given one after another: whoever
-- has looked at an older version is refused with the whole batch.
CREATE TABLE rounds (
  site_id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  given TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER rounds_go_in_order BEFORE UPDATE ON rounds
WHEN NEW.version IS NOT OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'the turn was given'); END;
