-- What the journal holds is added up at each entry: without reading the rows themselves.
CREATE INDEX journal_bytes ON journal (id, bytes);
