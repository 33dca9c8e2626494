-- Plans that were made or pasted, by the statement's fingerprint.
CREATE TABLE plan (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms           INTEGER NOT NULL,
  origin          TEXT NOT NULL,
  fingerprint     TEXT,
  sql             TEXT,
  connection_id   TEXT,
  connection_name TEXT NOT NULL,
  database        TEXT NOT NULL,
  server_version  TEXT NOT NULL,
  analyzed        INTEGER NOT NULL,
  execution_ms    REAL,
  total_cost      REAL,
  shape           TEXT NOT NULL,
  parameters      TEXT,
  settings        TEXT NOT NULL,
  options         TEXT,
  text            TEXT NOT NULL
) STRICT;
CREATE INDEX plan_fingerprint ON plan (fingerprint, id);
