/** Every template runs on every server, with values for its parameters bound as a run binds them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindParameters, type ParameterValue, parameterPlaces } from '../../shared/sql/parameters.ts';
import { templateGroups } from '../../shared/templates/templates.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { majors, startServer, type TestServer } from './servers.ts';

const all = templateGroups.flatMap(({ name, templates }) => templates.map((each) => ({ ...each, group: name })));
const value = (text: string): ParameterValue => ({ kind: 'value', text });
const values = {
  table: value('parts'),
  role: value('postgres'),
  first_day: value('2026-01-01'),
  last_day: value('2026-01-31'),
  instant: value('2026-02-03 04:05+00'),
  year: value('2026'),
  part: value('size'),
};

test('there are at least forty, each with a name of its own', () => {
  expect(all.length).toBeGreaterThanOrEqual(40);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { about } of all) expect(about).toMatch(/^[A-Z].*\.$/);
});

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let source: PgSource;
  beforeAll(async () => {
    server = await startServer(major);
    source = await pgSource(server);
    await source.client.query(
      'reset search_path; create table parts (n int) partition by range (n); create table parts_1 partition of parts for values from (0) to (9)',
    );
  });
  afterAll(async () => {
    await source?.close();
    await server?.stop();
  });

  test('every template runs', async () => {
    const failures: string[] = [];
    for (const { name, sql, since = 13 } of all) {
      if (since > major) continue;
      const places = parameterPlaces(sql);
      const bound = bindParameters(sql, places, values) ?? { text: sql, values: [] };
      await source.client
        .query(bound.text, [...bound.values])
        .catch((thrown: Error) => failures.push(`${name}: ${thrown.message}`));
    }
    expect(failures).toEqual([]);
  });
});
