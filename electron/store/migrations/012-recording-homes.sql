-- Where a connection's recording is brought to as well: the connection to a database with the schema howdah_history.
CREATE TABLE recording_home (
  connection_id TEXT PRIMARY KEY,
  home          TEXT NOT NULL
) STRICT;
