-- Saved queries, and the folder in which they are files as well.
CREATE TABLE saved_query (
  id            TEXT PRIMARY KEY,
  folder        TEXT NOT NULL,
  name          TEXT NOT NULL,
  text          TEXT NOT NULL,
  connection_id TEXT,
  changed_at_ms INTEGER NOT NULL,
  removed_at_ms INTEGER,
  file_digest   TEXT
) STRICT;
CREATE UNIQUE INDEX saved_query_name ON saved_query (folder, name) WHERE removed_at_ms IS NULL;
CREATE TABLE saved_query_folder (
  path TEXT NOT NULL
) STRICT;
