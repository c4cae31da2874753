-- A conversation's state is written by whoever has read its newest version: a decision that adds no event would otherwise
-- overwrite what was said meanwhile.
ALTER TABLE conversations ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER conversations_version BEFORE UPDATE OF version ON conversations
WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'the conversation has gone on'); END;

-- What was said, called off or held back ends once.
CREATE TRIGGER planned_end BEFORE UPDATE OF state, due_at_ms ON planned
WHEN OLD.state <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'the planned message has ended'); END;
