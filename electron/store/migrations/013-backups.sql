-- Backups that were made or opened, and what makes them at which times. `last_ms`: the moment that was seen to last.
CREATE TABLE backup (
  id    TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  json  TEXT NOT NULL
) STRICT;

CREATE TABLE backup_schedule (
  id      TEXT PRIMARY KEY,
  last_ms INTEGER NOT NULL,
  json    TEXT NOT NULL
) STRICT;

CREATE TABLE backup_setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
