-- What was promised in the team's name and is still to be kept, as JSON, and when it is looked at next.
ALTER TABLE conversations ADD COLUMN promise TEXT;
ALTER TABLE conversations ADD COLUMN promise_wakes_at_ms INTEGER;

-- What is due is found by what is due, not by what is stored.
CREATE INDEX conversations_promised ON conversations (promise_wakes_at_ms, site_id, id)
  WHERE promise_wakes_at_ms IS NOT NULL;
-- What the team has to keep, by its site.
CREATE INDEX conversations_promises ON conversations (site_id) WHERE promise IS NOT NULL;
