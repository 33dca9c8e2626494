-- What is chosen for kept results: 'connection:<id>', and 'cap' for the room they may take.
CREATE TABLE result_cache (
  scope TEXT PRIMARY KEY,
  json  TEXT NOT NULL
) STRICT;
