/** The SELECT of what a statement would touch: the same FROM and WHERE by PostgreSQL's parser, or none. */
import { beforeAll, expect, it } from 'vitest';
import { affectedBy } from '../../../shared/guard/affected.ts';
import { countOf } from '../../../shared/guard/affected-questions.ts';
import { type PostgresParser, postgresParser } from '../../postgres/parser/postgres-parser.ts';

let parser: PostgresParser;
beforeAll(async () => {
  parser = await postgresParser();
});
const parse = (text: string) => {
  const outcome = parser.parse(text);
  return outcome.kind === 'parsed' && outcome.statements.length === 1 ? (outcome.statements[0]?.node ?? null) : null;
};
const count = (text: string): string | null => {
  const node = parse(text);
  const affected = node && affectedBy(text, node, parse);
  return affected
    ? countOf(affected)
        .trim()
        .replace(/\s+/g, ' ')
        .replace(/ ([),])/g, '$1')
    : null;
};

it.each([
  ['delete from t', 'select pg_catalog.count(*) from t'],
  ['delete from t;', 'select pg_catalog.count(*) from t'],
  [
    '-- delete from x\nDELETE FROM only s.t AS a -- where\n WHERE a.id = 1 RETURNING *',
    '-- delete from x select pg_catalog.count(*) from only s.t AS a -- where where a.id = 1',
  ],
  [
    "update t set a = 'from x where y', b = (select 1 from z where true) where c in (select 1)",
    'select pg_catalog.count(*) from t where c in (select 1)',
  ],
  ['update t set (a, b) = (select 1, 2) where "where" = 1', 'select pg_catalog.count(*) from t where "where" = 1'],
  [
    'update t set a = b is distinct from c where d is distinct from 1',
    'select pg_catalog.count(*) from t where d is distinct from 1',
  ],
  [
    'update t x set a = u.a from u join v using (i) where u.id = x.id',
    'select pg_catalog.count(*) from (select distinct "x".tableoid, "x".ctid from t x, u join v using (i) where u.id = x.id) as howdah_rows',
  ],
  [
    'delete from t using u, v where t.id = u.id and v.id = 1',
    'select pg_catalog.count(*) from (select distinct "t".tableoid, "t".ctid from t, u, v where t.id = u.id and v.id = 1) as howdah_rows',
  ],
  [
    'with a as (select 1 as id) delete from t where id in (select id from a)',
    'with a as (select 1 as id) select pg_catalog.count(*) from t where id in (select id from a)',
  ],
])('%s', (text, expected) => {
  expect(count(text)).toBe(expected);
});

it.each([
  'select 1',
  'insert into t values (1)',
  'delete from t where current of c',
  'with d as (delete from u returning id) delete from t where id in (select id from d)',
  'merge into t using u on true when matched then delete',
])('none: %s', (text) => {
  expect(count(text)).toBeNull();
});
