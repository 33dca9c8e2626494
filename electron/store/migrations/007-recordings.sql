-- Connections whose servers are being recorded: that goes on when the program starts again.
CREATE TABLE recording (
  connection_id TEXT PRIMARY KEY,
  every_ms      INTEGER NOT NULL
) STRICT;
