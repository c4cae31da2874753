-- Which of what happens each of the team is told, and how; as JSON, see `api::alerts::Rules`.
CREATE TABLE agent_rules (
  site_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  rules TEXT NOT NULL,
  PRIMARY KEY (site_id, agent_id)
) STRICT, WITHOUT ROWID;

-- What the team is told in the inbox. An alert is of one agent, and of one group only one is unread.
CREATE TABLE alerts (
  site_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  text TEXT NOT NULL,
  -- Not shown before.
  at_ms INTEGER NOT NULL,
  group_key TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (site_id, agent_id, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX alerts_unread ON alerts (site_id, agent_id, group_key) WHERE state = 'unread';
CREATE INDEX alerts_by_group ON alerts (site_id, group_key) WHERE state = 'unread';

-- Browsers of the team that take push messages; the id follows from the endpoint, so one browser is one row.
CREATE TABLE push_subscriptions (
  site_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  id TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  made_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site_id, agent_id, id)
) STRICT, WITHOUT ROWID;
