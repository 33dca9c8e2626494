-- Rows as they were before statements that were run from here, to be brought back.
CREATE TABLE journal (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms           INTEGER NOT NULL,
  connection_id   TEXT NOT NULL,
  connection_name TEXT NOT NULL,
  database        TEXT NOT NULL,
  title           TEXT NOT NULL,
  rows            INTEGER NOT NULL,
  not_captured    TEXT,
  changes         TEXT NOT NULL,
  bytes           INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_connection ON journal (connection_id, id);
