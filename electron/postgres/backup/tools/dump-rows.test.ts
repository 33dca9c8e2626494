import { expect, test } from 'vitest';
import { copiedTable, insertedRows } from './dump-rows.ts';

test.each([
  ['COPY public.t (id, note) FROM stdin', 'public.t', '(id, note)'],
  ['COPY "odd one"."t""b\n" ("a) FROM stdin", b) FROM stdin;', '"odd one"."t""b\n"', '("a) FROM stdin", b)'],
  ['COPY public.nothing  FROM stdin', 'public.nothing', ''],
])('%j', (text, name, columns) => expect(copiedTable(text)).toEqual({ name, columns }));

test.each([
  [`INSERT INTO public.t VALUES (1, 'a');`, 'public.t', 1],
  [
    `INSERT INTO public.t VALUES\n\t(1, 'it''s ),('),\n\t(2, E'\\'),('),\n\t(3, '{"(": 1}'),\n\t(4, point '(1,2)');`,
    'public.t',
    4,
  ],
  [`INSERT INTO "a b"."c""(" (id, "VALUES (") OVERRIDING SYSTEM VALUE VALUES (1, NULL), (2, (3));`, '"a b"."c""("', 2],
  ['INSERT INTO public.t DEFAULT VALUES ON CONFLICT DO NOTHING;', 'public.t', 1],
  [`INSERT INTO t VALUES ('') ON CONFLICT DO NOTHING`, 't', 1],
])('%j', (text, name, rows) => expect(insertedRows(text)).toMatchObject({ name, rows }));

test.each(['INSERT INTO t SELECT 1', 'INSERT INTO t (a) SELECT (1)', 'UPDATE t SET a = 1', 'SELECT 1'])(
  '%j is none',
  (text) => expect(insertedRows(text)).toBeNull(),
);
