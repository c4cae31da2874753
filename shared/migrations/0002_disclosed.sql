-- When and in which words the contact was first told on each channel that an AI is speaking, as JSON. A time alone, as it
-- stood before, does not prove what was said.
ALTER TABLE conversations ADD COLUMN disclosed TEXT NOT NULL DEFAULT '[]';
ALTER TABLE conversations DROP COLUMN disclosed_at_ms;
