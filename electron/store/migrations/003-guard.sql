-- What has to be confirmed where: 'environment:production', 'connection:<id>'. What is not here is as it was at first.
CREATE TABLE guard_policy (
  scope TEXT PRIMARY KEY,
  json  TEXT NOT NULL
) STRICT;
