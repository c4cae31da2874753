-- Who is of a site's team, how they come in, and what they did there.

CREATE TABLE agents (
  site_id TEXT NOT NULL,
  id TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, id)
) STRICT, WITHOUT ROWID;

-- One person is of a team once; the address finds every site they belong to.
CREATE UNIQUE INDEX agents_by_email ON agents (email_key, site_id);
-- Contacts see the names, so no two of a team share one.
CREATE UNIQUE INDEX agents_by_name ON agents (site_id, name COLLATE NOCASE) WHERE state <> 'removed';

CREATE TRIGGER agents_keep_an_owner BEFORE UPDATE ON agents
WHEN OLD.role = 'owner' AND OLD.state = 'active' AND (NEW.role <> 'owner' OR NEW.state <> 'active')
  AND NOT EXISTS (
    SELECT 1 FROM agents WHERE site_id = OLD.site_id AND id <> OLD.id AND role = 'owner' AND state = 'active'
  )
BEGIN SELECT RAISE(ABORT, 'a site keeps an owner'); END;

-- Links that sign in, by a hash of what stands in them: each once, for a short time.
CREATE TABLE sign_in_links (
  hash TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  -- The sign-in it was used for.
  used_for TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_links_by_email ON sign_in_links (email_key);

-- Browsers that are signed in, by a hash of their cookie.
CREATE TABLE sign_ins (
  hash TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  began_at_ms INTEGER NOT NULL,
  seen_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_ins_by_email ON sign_ins (email_key);

-- What people did, and programs in their name.
CREATE TABLE audit (
  site_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  id TEXT NOT NULL,
  agent TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (site_id, at_ms, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the log of what people did is append-only'); END;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the log of what people did is append-only'); END;

-- Programs of the owner, by a hash of their token.
CREATE TABLE api_tokens (
  site_id TEXT NOT NULL,
  id TEXT NOT NULL,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at_ms INTEGER NOT NULL,
  used_at_ms INTEGER,
  PRIMARY KEY (site_id, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX api_tokens_by_hash ON api_tokens (hash);
