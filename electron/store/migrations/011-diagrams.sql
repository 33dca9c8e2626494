-- Layouts of diagrams and the keys drawn by hand, by the source they belong to (a digest of what names it).
CREATE TABLE diagram_layout (
  id          TEXT PRIMARY KEY,
  source      TEXT NOT NULL,
  name        TEXT NOT NULL,
  saved_at_ms INTEGER NOT NULL,
  json        TEXT NOT NULL,
  UNIQUE (source, name)
) STRICT;

CREATE TABLE diagram_keys (
  source TEXT PRIMARY KEY,
  json   TEXT NOT NULL
) STRICT;
