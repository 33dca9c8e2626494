-- How long steps that read or write whole tables took: what the next ones are estimated by.
CREATE TABLE structure_pace (
  connection_id TEXT NOT NULL,
  kind          TEXT NOT NULL,
  bytes         INTEGER NOT NULL,
  took_ms       REAL NOT NULL,
  at_ms         INTEGER NOT NULL
) STRICT;
CREATE INDEX structure_pace_of ON structure_pace (connection_id, kind, at_ms);
