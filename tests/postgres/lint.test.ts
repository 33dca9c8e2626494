/** What is said of a text while it is typed, on a catalog read from a real server; the server itself is the oracle. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headOf, readCatalog } from '../../electron/features/catalog/catalog.ts';
import { parseStatement } from '../../electron/features/lint/parse-statement.ts';
import { Catalog } from '../../shared/complete/catalog.ts';
import { ScriptCheck } from '../../shared/lint/check.ts';
import { piecesOf } from '../../shared/lint/pieces.ts';
import type { Problem } from '../../shared/lint/problem.ts';
import { splitSql } from '../../shared/sql/split.ts';
import { schemaSql } from '../fixtures/complete/schema.ts';
import { lintCases, validStatements, wrongNames } from '../fixtures/lint/cases.ts';
import { pgSource } from './pg-source.ts';
import { startServer, type TestServer } from './servers.ts';

let server: TestServer;
let catalog: Catalog;

beforeAll(async () => {
  server = await startServer(18);
  await server.query(schemaSql);
  await server.query('set search_path = shop, public');
  await server.query(`create table shop.big (id bigint primary key, at timestamptz not null, plain timestamp, note text, customer_id bigint);
    update pg_class set reltuples = 5000000 where oid = 'shop.big'::regclass;
    create materialized view shop.totals as select 1 as one; create unique index on shop.totals (one)`);
  const source = await pgSource(server);
  const head = await headOf(source);
  catalog = new Catalog(head);
  for await (const event of readCatalog(source, head)) catalog.take(event);
  await source.close();
});
afterAll(() => server?.stop());

async function problemsOf(text: string, off: readonly string[] = []): Promise<Problem[]> {
  const check = new ScriptCheck({ catalog, off: new Set(off) });
  const found: Problem[] = [];
  for (const { from, to } of piecesOf(text)) {
    const piece = text.slice(from, to);
    const { problems } = check.next(piece, await parseStatement(piece));
    for (const problem of problems)
      found.push({
        ...problem,
        from: problem.from + from,
        to: problem.to + from,
        fixes: problem.fixes.map((fix) => ({
          ...fix,
          edits: fix.edits.map((edit) => ({ ...edit, from: edit.from + from, to: edit.to + from })),
        })),
      });
  }
  return found;
}
const fixed = (text: string, problem: Problem | undefined, title?: string): string => {
  const fix = title === undefined ? problem?.fixes[0] : problem?.fixes.find((each) => each.title === title);
  if (!fix) return 'no fix';
  return fix.edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((now, edit) => now.slice(0, edit.from) + edit.text + now.slice(edit.to), text);
};

describe('rules', () => {
  test.each(lintCases)('$rule: $sql', async ({ rule, sql, marked, after }) => {
    const problems = (await problemsOf(sql)).filter((problem) => problem.rule === rule);
    if (marked === null) {
      expect(problems).toEqual([]);
      return;
    }
    expect(problems.map(({ from, to }) => sql.slice(from, to))).toEqual([marked]);
    if (after !== undefined) expect(fixed(sql, problems[0])).toBe(after);
  });

  test('every fix leaves something that the parser takes', async () => {
    for (const { sql } of lintCases)
      for (const problem of await problemsOf(sql))
        for (const fix of problem.fixes) {
          if (fix.title === 'Add a WHERE' || problem.rule === 'syntax') continue;
          const text = fixed(sql, problem, fix.title);
          for (const { from, to } of splitSql(text))
            expect(await parseStatement(text.slice(from, to)), text).toMatchObject({ kind: 'parsed' });
        }
  });
  test('switched off, and ignored in the text', async () => {
    expect(await problemsOf('delete from review', ['delete-without-where'])).toEqual([]);
    expect(await problemsOf('-- howdah: ignore delete-without-where\ndelete from review')).toEqual([]);
    expect(await problemsOf('delete from review; -- howdah: ignore\ndelete from review')).toHaveLength(1);
    expect(await problemsOf('/* howdah: ignore */ delete from review')).toEqual([]);
    expect(await problemsOf('delete from review -- howdah: ignore delete-without-where')).toEqual([]);
    expect(await problemsOf('delete from review -- howdah: ignore equals-null')).toHaveLength(1);
  });
});

describe('names', () => {
  test.each(wrongNames)('%s: %s', async (sql, marked, after) => {
    await expect(server.query(`prepare wrong as ${sql}`)).rejects.toThrow();
    const problems = (await problemsOf(sql)).filter(({ rule }) => rule === 'name');
    expect(problems.map(({ from, to }) => sql.slice(from, to))).toEqual([marked]);
    expect(fixed(sql, problems[0])).toBe(after);
  });

  test('what the server takes is not complained of', async () => {
    expect(validStatements.length).toBeGreaterThanOrEqual(100);
    for (const sql of validStatements) {
      await server.query(`prepare valid as ${sql}`).catch((thrown) => expect.fail(`${sql}: ${thrown}`));
      await server.query('deallocate valid');
      const wrong = (await problemsOf(sql)).filter(({ rule }) => rule === 'name' || rule === 'syntax');
      expect(
        wrong.map(({ message }) => message),
        sql,
      ).toEqual([]);
    }
  });
  test('what the script has made is there', async () => {
    const script = `create temp table mine (a int, b text); select a, b from mine; select c from mine; alter table mine add c int; select c from mine;
      create view seen as select id as one from customer; select one from seen; select two from seen;
      set search_path = billing; select * from account; reset search_path; select * from account;
      do $$ begin create table whatever (x int); end $$; select * from whatever`;
    const problems = (await problemsOf(script)).filter(({ rule }) => rule === 'name');
    expect(problems.map(({ from, to }) => script.slice(from, to))).toEqual(['c', 'two', 'account']);
  });
});
