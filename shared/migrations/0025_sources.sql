-- What the assistant knows, source by source: the full-text table answers questions, and this one what there is.

CREATE TABLE sources (
  site_id TEXT NOT NULL,
  path TEXT NOT NULL,
  -- `file` of an import, `own` of the team, `page` of the site.
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  count INTEGER NOT NULL,
  -- Heading and text of each passage, JSON.
  passages TEXT NOT NULL,
  address TEXT,
  at_ms INTEGER NOT NULL,
  put_by TEXT NOT NULL,
  PRIMARY KEY (site_id, path)
) STRICT, WITHOUT ROWID;

INSERT INTO sources
  SELECT site_id, path, 'file', max(title), count(*), json_group_array(json_array(heading, text)), NULL, 0, ''
  FROM passages WHERE path NOT LIKE 'taught/%' GROUP BY site_id, path;

-- The site's own pages being read: one walk at a time for each site.
CREATE TABLE crawls (
  site_id TEXT NOT NULL PRIMARY KEY,
  origin TEXT NOT NULL,
  state TEXT NOT NULL,
  -- The addresses still to be read, JSON; empty until they are known.
  todo TEXT NOT NULL,
  read_count INTEGER NOT NULL,
  -- What could not be read, with why, JSON.
  failed TEXT NOT NULL,
  note TEXT,
  begun_by TEXT NOT NULL,
  begun_at_ms INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  taken_until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX crawls_due ON crawls (taken_until_ms) WHERE state = 'running';
