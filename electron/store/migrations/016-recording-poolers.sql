-- Where a connection's recording reads the counters of a pooler: the connection that leads to it.
CREATE TABLE recording_pooler (
  connection_id TEXT PRIMARY KEY,
  pooler        TEXT NOT NULL
) STRICT;
