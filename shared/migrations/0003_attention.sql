-- When the contact last did something, and what they were sent unasked lately, as JSON: the attention budget counts it.
ALTER TABLE conversations ADD COLUMN heard_at_ms INTEGER;
ALTER TABLE conversations ADD COLUMN spent TEXT NOT NULL DEFAULT '[]';
