/**
 * Runs every catalog query of the backend on every major version: prepared (so that every column and function it names
 * must be there) and executed with nulls for its values, as a superuser and as a role without any right.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Query } from '../../electron/postgres/query.ts';
import { majors, startServer, type TestServer } from './servers.ts';

const root = path.resolve(import.meta.dirname, '../../electron');
const isQuery = (value: unknown): value is Query<unknown> =>
  typeof value === 'object' && value !== null && 'name' in value && 'text' in value && typeof value.text === 'function';

async function everyQuery(): Promise<Query<unknown>[]> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sql.ts'));
  const found: Query<unknown>[] = [];
  for (const file of files) {
    const exported: Record<string, unknown> = await import(pathToFileURL(path.join(root, file)).href);
    for (const value of Object.values(exported).flatMap((v) => (isQuery(v) ? [v] : nested(v)))) found.push(value);
  }
  return [...new Set(found)];
}
/** Queries kept in a record, by what they are about. */
const nested = (value: unknown): Query<unknown>[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.values(value).flatMap((v) => (isQuery(v) ? [v] : Array.isArray(v) ? v.flatMap(nested) : []))
    : Array.isArray(value)
      ? value.flatMap(nested)
      : [];

test('queries have names of their own', async () => {
  const names = (await everyQuery()).map((query) => query.name);
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]*(\.[a-z][A-Za-z-]*)+$/);
});

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
    await server.query("create role nobody login password 'nothing'");
  });
  afterAll(() => server.stop());

  test.each(['postgres', 'nobody'])('every query runs as %s', async (user) => {
    const password = user === 'nobody' ? 'nothing' : server.password;
    const client = new pg.Client({ host: server.host, port: server.port, database: server.database, user, password });
    await client.connect();
    const failures: string[] = [];
    for (const query of await everyQuery()) {
      try {
        const text = query.text(major);
        await client.query(`prepare q as ${text}`);
        const known = await client.query<{ count: number }>(
          "select coalesce(array_length(parameter_types, 1), 0) as count from pg_prepared_statements where name = 'q'",
        );
        const values = Array<string>(known.rows[0]?.count ?? 0).fill('null');
        await client.query(`execute q${values.length > 0 ? `(${values.join(', ')})` : ''}`);
      } catch (error) {
        failures.push(`${query.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      await client.query('deallocate all');
    }
    await client.end();
    expect(failures).toEqual([]);
  });
});
