CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- Everything about a connection but its secrets, as the contract's JSON.
CREATE TABLE connection (
  id   TEXT PRIMARY KEY,
  json TEXT NOT NULL
) STRICT;

CREATE TABLE history (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms           INTEGER NOT NULL,
  text            TEXT NOT NULL,
  connection_id   TEXT,
  connection_name TEXT NOT NULL,
  database        TEXT NOT NULL,
  user            TEXT NOT NULL,
  duration_ms     REAL NOT NULL,
  rows            INTEGER,
  failure         TEXT
) STRICT;
CREATE INDEX history_connection ON history (connection_id, id);

-- Trigrams find words and parts of words alike, in any language.
CREATE VIRTUAL TABLE history_text USING fts5 (text, content = 'history', content_rowid = 'id', tokenize = 'trigram');
CREATE TRIGGER history_added AFTER INSERT ON history BEGIN
  INSERT INTO history_text (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER history_removed AFTER DELETE ON history BEGIN
  INSERT INTO history_text (history_text, rowid, text) VALUES ('delete', old.id, old.text);
END;

-- One a window. `held_by` is the running program that has it open.
CREATE TABLE workspace (
  id         TEXT PRIMARY KEY,
  layout     TEXT NOT NULL DEFAULT '{}',
  used_at_ms INTEGER NOT NULL,
  held_by    TEXT
) STRICT;

CREATE TABLE tab (
  id           TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  place        TEXT NOT NULL,
  title        TEXT NOT NULL,
  position     INTEGER NOT NULL,
  active       INTEGER NOT NULL,
  closed_at_ms INTEGER
) STRICT;
CREATE INDEX tab_workspace ON tab (workspace_id, position);

CREATE TABLE tab_text (
  tab_id      TEXT PRIMARY KEY REFERENCES tab (id) ON DELETE CASCADE,
  text        TEXT NOT NULL,
  caret       INTEGER NOT NULL,
  scroll_top  REAL NOT NULL,
  saved_at_ms INTEGER NOT NULL
) STRICT;

-- Earlier texts of a tab: one about every five minutes of typing, and one before a text is emptied.
CREATE TABLE tab_text_version (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  tab_id      TEXT NOT NULL REFERENCES tab (id) ON DELETE CASCADE,
  text        TEXT NOT NULL,
  caret       INTEGER NOT NULL,
  scroll_top  REAL NOT NULL,
  saved_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX tab_text_version_tab ON tab_text_version (tab_id, id);
