-- A plan made from a recording says from which.
ALTER TABLE plan ADD COLUMN recording_id TEXT;
