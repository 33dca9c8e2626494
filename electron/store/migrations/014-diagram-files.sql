-- What was read out of files of SQL for diagrams: the id is a digest of the file's name, so that a newer version of it
-- finds the layouts of the older one.
CREATE TABLE diagram_file (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  read_at_ms INTEGER NOT NULL,
  json       TEXT NOT NULL
) STRICT;
