import { expect, test } from 'vitest';
import { withoutPasswords } from './without-passwords.ts';

test.each([
  ["alter role ann password 'it''s secret'", "alter role ann password '***'"],
  [
    "ALTER USER ann WITH LOGIN PASSWORD E'a\\'b' VALID UNTIL 'infinity'",
    "ALTER USER ann WITH LOGIN PASSWORD '***' VALID UNTIL 'infinity'",
  ],
  ['alter role ann password $q$it$$s$q$ login', "alter role ann password '***' login"],
  [
    "create user mapping for ann server s options (user 'bob', password 'x y')",
    "create user mapping for ann server s options (user 'bob', password '***')",
  ],
  [
    "select * from dblink('host=h password=secret dbname=d', 'select 1') as t(a int)",
    "select * from dblink('host=h password=*** dbname=d', 'select 1') as t(a int)",
  ],
  [
    "create subscription s connection 'password=''it\\''s so'' host=h' publication p",
    "create subscription s connection 'password=*** host=h' publication p",
  ],
  ["select dblink_connect('host=h password=''s t'' user=u')", "select dblink_connect('host=h password=*** user=u')"],
  [
    "create subscription s connection 'postgres://ann:secret@h/db' publication p",
    "create subscription s connection 'postgres://ann:***@h/db' publication p",
  ],
  ['select password from users where id = 1', 'select password from users where id = 1'],
  ["update users set password_hint = 'x'", "update users set password_hint = 'x'"],
])('%s', (sql, kept) => {
  expect(withoutPasswords(sql)).toBe(kept);
});
