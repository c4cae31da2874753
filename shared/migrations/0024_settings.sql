-- A site's definition is changed by people who look at it: each change follows the one it was made on.

ALTER TABLE sites ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- Who changed which part last, at which version: {"hours": {"version": 3, "by": "Wren", "at": 1}}; "*" is all of them.
ALTER TABLE sites ADD COLUMN changes TEXT NOT NULL DEFAULT '{}';

CREATE TRIGGER sites_follow_one_another BEFORE UPDATE OF version ON sites WHEN NEW.version <> OLD.version + 1
BEGIN SELECT RAISE(ABORT, 'the site was changed meanwhile'); END;
