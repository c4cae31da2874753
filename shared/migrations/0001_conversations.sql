-- Sites and their lines ------------------------------------------------------------------------------------------

CREATE TABLE sites (
  id TEXT NOT NULL PRIMARY KEY,
  definition TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE endpoints (
  id TEXT NOT NULL PRIMARY KEY,
  site_id TEXT NOT NULL REFERENCES sites (id),
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  UNIQUE (channel, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX endpoints_by_site ON endpoints (site_id);

-- People -----------------------------------------------------------------------------------------------------------

CREATE TABLE contacts (
  site_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT,
  locale TEXT,
  time_zone TEXT,
  -- The contact this one turned out to be. Never more than one step: joining re-points everybody.
  merged_into TEXT,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX contacts_by_root ON contacts (site_id, merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE handles (
  site_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- The address as compared: emails in lower case.
  address_key TEXT NOT NULL,
  address TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  assurance INTEGER NOT NULL,
  -- 1 while the person behind the address has opted out of its channel.
  blocked INTEGER NOT NULL DEFAULT 0,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, kind, address_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX handles_by_contact ON handles (site_id, contact_id);

-- An address somebody typed that belongs to another contact: an answer from it proves that both are one person.
CREATE TABLE claims (
  site_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  address_key TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, kind, address_key, contact_id)
) STRICT, WITHOUT ROWID;

-- Conversations ----------------------------------------------------------------------------------------------------

CREATE TABLE conversations (
  site_id TEXT NOT NULL,
  id TEXT NOT NULL PRIMARY KEY,
  contact_id TEXT NOT NULL,
  last_seq INTEGER NOT NULL,
  floor TEXT NOT NULL,
  fence INTEGER NOT NULL,
  -- The answers that are owed, one per line that waits, as JSON. Of the one that is due first: the newest message it
  -- must take in, when it is due, and who is working on it.
  turn_owed TEXT NOT NULL DEFAULT '[]',
  turn_basis_seq INTEGER,
  turn_due_at_ms INTEGER,
  turn_lease TEXT,
  turn_lease_until_ms INTEGER,
  -- Ceilings: how much happened since when.
  said_since_ms INTEGER NOT NULL DEFAULT 0,
  said_count INTEGER NOT NULL DEFAULT 0,
  turns_since_ms INTEGER NOT NULL DEFAULT 0,
  turns_count INTEGER NOT NULL DEFAULT 0,
  tokens_since_ms INTEGER NOT NULL DEFAULT 0,
  tokens_count INTEGER NOT NULL DEFAULT 0,
  -- Addresses that were typed in the current day, as JSON.
  typed TEXT NOT NULL DEFAULT '[]',
  -- When the contact was first told that an AI is speaking.
  disclosed_at_ms INTEGER,
  -- When the contact was last told that the whole site is at its ceiling.
  busy_told_at_ms INTEGER,
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX conversations_by_contact ON conversations (site_id, contact_id);
CREATE INDEX conversations_owing ON conversations (turn_due_at_ms) WHERE turn_due_at_ms IS NOT NULL;
CREATE INDEX conversations_recent ON conversations (site_id, updated_at_ms);

CREATE TABLE events (
  site_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  channel TEXT NOT NULL,
  -- The contact's address on that channel; who may see the event depends on it.
  address_key TEXT NOT NULL,
  speaker TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (conversation_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END;

-- Erasure may blank what was said, and nothing else.
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
WHEN NEW.body IS NOT '{"erased":{}}'
  OR NEW.site_id IS NOT OLD.site_id OR NEW.conversation_id IS NOT OLD.conversation_id OR NEW.seq IS NOT OLD.seq
  OR NEW.id IS NOT OLD.id OR NEW.at_ms IS NOT OLD.at_ms OR NEW.channel IS NOT OLD.channel
  OR NEW.address_key IS NOT OLD.address_key OR NEW.speaker IS NOT OLD.speaker
BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END;

CREATE TRIGGER events_have_no_gaps BEFORE INSERT ON events
WHEN NEW.seq <> 1 AND NOT EXISTS (
  SELECT 1 FROM events WHERE conversation_id = NEW.conversation_id AND seq = NEW.seq - 1
)
BEGIN SELECT RAISE(ABORT, 'the timeline has no gaps'); END;

-- What has arrived: the row that makes a second arrival a duplicate.
CREATE TABLE arrivals (
  endpoint_id TEXT NOT NULL,
  external_id TEXT NOT NULL,
  site_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (endpoint_id, external_id)
) STRICT, WITHOUT ROWID;

-- Message-IDs of email in both directions, for threading.
CREATE TABLE mail_ids (
  site_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (site_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_ids_by_place ON mail_ids (site_id, conversation_id, seq);

-- Sending ----------------------------------------------------------------------------------------------------------

CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  site_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  endpoint_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  address_kind TEXT NOT NULL,
  address_key TEXT NOT NULL,
  address TEXT NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  attempt INTEGER NOT NULL DEFAULT 0,
  due_at_ms INTEGER NOT NULL,
  lease TEXT,
  lease_until_ms INTEGER,
  provider_id TEXT,
  -- What a text message is billed as; NULL on other channels.
  encoding TEXT,
  segments INTEGER,
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (due_at_ms) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_by_provider ON deliveries (endpoint_id, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX deliveries_by_event ON deliveries (conversation_id, seq);

-- Terminal states stay. Only where nobody knew whether a message was taken may the provider still say so.
CREATE TRIGGER deliveries_end_once BEFORE UPDATE ON deliveries
WHEN OLD.state IN ('wedged', 'cancelled', 'read') AND NEW.state IS NOT OLD.state
  AND NOT (OLD.state = 'wedged' AND OLD.reason IS 'unknown' AND NEW.state IN ('sent', 'delivered', 'read'))
BEGIN SELECT RAISE(ABORT, 'a finished delivery does not change'); END;

CREATE TABLE verdicts (
  id TEXT NOT NULL PRIMARY KEY,
  site_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  -- The event it let through; none where the message was held back.
  seq INTEGER,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX verdicts_by_conversation ON verdicts (conversation_id, seq);

CREATE TABLE consents (
  site_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  address_key TEXT NOT NULL,
  n INTEGER NOT NULL,
  id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  body TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (site_id, kind, address_key, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER consents_are_never_deleted BEFORE DELETE ON consents
BEGIN SELECT RAISE(ABORT, 'the consent ledger is append-only'); END;
CREATE TRIGGER consents_are_never_changed BEFORE UPDATE ON consents
BEGIN SELECT RAISE(ABORT, 'the consent ledger is append-only'); END;

CREATE TABLE suppressions (
  site_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- A keyed hash of the address: it outlives the address itself.
  address_hash TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, kind, address_hash)
) STRICT, WITHOUT ROWID;

-- Memory -----------------------------------------------------------------------------------------------------------

CREATE TABLE facts (
  site_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  quote TEXT NOT NULL,
  source TEXT NOT NULL,
  channel TEXT NOT NULL,
  address_key TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  superseded_by TEXT,
  PRIMARY KEY (site_id, contact_id, id)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE passages USING fts5 (
  site_id UNINDEXED, path UNINDEXED, title, heading, text,
  tokenize = "porter unicode61 remove_diacritics 2"
);

-- A digest of a site's passages: whoever remembers what was found in them knows by it whether they have changed.
CREATE TABLE knowledge_digests (
  site_id TEXT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Counting ---------------------------------------------------------------------------------------------------------

CREATE TABLE counters (
  site_id TEXT NOT NULL,
  name TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (site_id, name, since_ms)
) STRICT, WITHOUT ROWID;

-- The sandbox: a carrier and a mail service that live in this database -----------------------------------------------

CREATE TABLE sandbox_messages (
  id TEXT NOT NULL PRIMARY KEY,
  site_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT,
  text TEXT NOT NULL,
  raw TEXT,
  message_id TEXT,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sandbox_messages_by_time ON sandbox_messages (at_ms);
