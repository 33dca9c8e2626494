-- The values last bound to parameters of statements; the empty statement stands for any.
CREATE TABLE parameter_value (
  statement TEXT NOT NULL,
  name      TEXT NOT NULL,
  value     TEXT NOT NULL,
  at_ms     INTEGER NOT NULL,
  PRIMARY KEY (statement, name)
) STRICT;
CREATE INDEX parameter_value_age ON parameter_value (at_ms);
