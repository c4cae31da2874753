-- What a person was called for and nobody of the team has answered yet, as JSON.
ALTER TABLE conversations ADD COLUMN called TEXT NOT NULL DEFAULT '[]';
