/** Exports against the server's own COPY, byte for byte; and that short of success nothing remains. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSampleSchema } from '../../electron/features/sample/load-schema.ts';
import type { ExportFormat } from '../../shared/api/transfer.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import {
  bytesOf,
  exportQuery,
  filesIn,
  openResultsWorld,
  outcome,
  type ResultsWorld,
  wantedFile,
} from './results-world.ts';
import { startServer, type TestServer } from './servers.ts';
import { until } from './session-world.ts';

/** Each as SQL-on-connect: for our sessions and exports, and before the server's own COPY. */
const settings = [
  `set datestyle = 'ISO, YMD'; set timezone = 'UTC'; set intervalstyle = 'postgres'`,
  `set datestyle = 'German, DMY'; set timezone = 'America/Chicago'; set intervalstyle = 'iso_8601'`,
  `set datestyle = 'SQL, MDY'; set timezone = 'Asia/Kolkata'; set intervalstyle = 'sql_standard'; set bytea_output = 'escape'`,
  `set datestyle = 'Postgres, DMY'; set timezone = 'Australia/Lord_Howe'; set intervalstyle = 'postgres_verbose'; set extra_float_digits = 0`,
];

const nasty = `
create table nasty (id int, "te,xt" text, "say ""hi""" text, "tab	name" text[], b bytea);
insert into nasty values
  (1, null, '', '{}', ''), (2, '\\.', '\\N', array['\\.', null, 'NULL', '', '"', '\\'], '\\x00ff'),
  (3, E'a\\rb', E'c\\nd', array[E'\\r\\n', ',', '{', '}'], '\\x0a'), (4, E'\\t', E'\\b\\f\\v', null, null),
  (5, E'\\x01\\x7f', '  ', array['a b'], '\\x2c'), (6, 'é€😀', U&'\\200F\\0627', array['ß'], '\\x22'),
  (7, repeat('"', 3000), repeat(E'x,\\n', 200000), null, decode(repeat('00', 300000), 'hex'))`;

let server: TestServer;
let onConnectSql = settings[0] as string;
let world: ResultsWorld;
const folder = scratchFolder();
beforeAll(async () => {
  server = await startServer(18);
  await server.query(nasty);
  await loadSampleSchema(server, { rows: 'few' });
  world = await openResultsWorld(() => server.spec({ onConnectSql }));
});
afterAll(async () => {
  await world?.close();
  await server?.stop();
});

/** What the server itself writes, under the same settings. */
async function copied(of: TestServer, sql: string, options: string, under: string): Promise<Buffer> {
  const file = path.join(of.socketFolder, 'copied');
  await of.query(`${under}; copy (${sql}) to '${file}' (${options}); reset all`);
  const bytes = await readFile(file);
  await rm(file);
  return bytes;
}
const differing = (left: Buffer, right: Buffer): string | null => {
  if (left.equals(right)) return null;
  const at = left.findIndex((byte, place) => byte !== right[place]);
  return `at ${at}: ${left.subarray(at - 40, at + 40)} <> ${right.subarray(at - 40, at + 40)}`;
};

const queries = {
  everyType: 'select * from public.every_type order by id',
  nasty: 'select * from nasty order by id',
  oneColumn: `select * from (values ('\\.'), (''), (null), ('x')) as v(alone)`,
  none: 'select from nasty',
};

describe('an export is what COPY writes', () => {
  for (const [number, under] of settings.entries()) {
    it(`from a result and from a query, under ${under}`, async () => {
      onConnectSql = under;
      await world.sources.closeConnection('test');
      for (const sql of Object.values(queries)) {
        const resultId = await world.fetch(sql);
        for (const format of ['csv', 'tsv'] as const) {
          if (format === 'tsv' && sql === queries.none) continue;
          const wanted = await copied(server, sql, `format ${format === 'csv' ? 'csv' : 'text'}, header`, under);
          const file = { format, header: true, path: path.join(folder, `export-${number}.${format}`) };
          const ofResult = await bytesOf(world.results.export({ resultId }, wantedFile(file)), file.path);
          expect(differing(ofResult, wanted)).toBeNull();
          const spec = server.spec({ onConnectSql: under });
          const ofQuery = await bytesOf(exportQuery(world.results, spec, sql, file), file.path);
          expect(differing(ofQuery, wanted)).toBeNull();
        }
        await world.results.closeResult(resultId);
      }
    });
  }

  it('also on the oldest version', async () => {
    const old = await startServer(13);
    try {
      await old.query(nasty);
      for (const sql of [queries.nasty, queries.oneColumn, queries.none]) {
        const file = { format: 'csv' as ExportFormat, header: true, path: path.join(folder, 'old.csv') };
        const bytes = await bytesOf(exportQuery(world.results, old.spec(), sql, file), file.path);
        expect(differing(bytes, await copied(old, sql, 'format csv, header', 'select 1'))).toBeNull();
      }
    } finally {
      await old.stop();
    }
  });

  it('values travel beside the query', async () => {
    const file = { format: 'csv' as const, header: true, path: path.join(folder, 'values.csv') };
    const query = { text: 'select $1::int + 1 as n, $2::text as t', values: ['41', "it's; drop"] };
    const bytes = await bytesOf(exportQuery(world.results, server.spec(), query, file), file.path);
    expect(bytes.toString('utf8')).toBe("n,t\n42,it's; drop\n");
  });

  it('as JSON that the server reads back as the same values', async () => {
    const file = { format: 'ndjson' as const, header: true, path: path.join(folder, 'nasty.ndjson') };
    const sql = 'select id, "te,xt", "say ""hi""" as said, b::text from nasty order by id';
    const lines = (await bytesOf(exportQuery(world.results, server.spec(), sql, file), file.path)).toString('utf8');
    const [same] = await server.query(
      `select count(*)::int as rows from json_to_recordset($1) as j(id int, "te,xt" text, said text, b text)
       join nasty n using (id) where j."te,xt" is not distinct from n."te,xt" and j.said is not distinct from n."say ""hi"""
       and j.b is not distinct from n.b::text`,
      [`[${lines.trimEnd().split('\n').join(',')}]`],
    );
    expect(same).toEqual({ rows: 7 });
  });
});

describe('a long value', () => {
  it('passes through an export in pieces, without memory of its size', async () => {
    const size = 300_000_000;
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 20);
    const file = { format: 'csv' as const, header: false, path: path.join(folder, 'long.csv') };
    try {
      const end = await outcome(
        exportQuery(world.results, server.spec(), `select 1, repeat('abcdefghij', ${size / 10}), 'after'`, file),
      );
      expect(end).toMatchObject({ kind: 'done', rows: 1, bytes: size + 9 });
    } finally {
      clearInterval(watch);
    }
    const hash = createHash('sha256');
    for await (const piece of createReadStream(file.path)) hash.update(piece as Buffer);
    const wanted = createHash('sha256').update('1,');
    for (let piece = 0; piece < 300; piece++) wanted.update('abcdefghij'.repeat(100_000));
    expect(hash.digest('hex')).toBe(wanted.update(',after\n').digest('hex'));
    expect(most).toBeLessThan(250_000_000);
    expect(await filesIn(folder)).not.toContainEqual(expect.stringMatching(/\.(part|held)$/));
    await rm(file.path);
  });
});

describe('an export that does not succeed', () => {
  const endless = 'select i, md5(i::text) from (select generate_series(1, 1000000000) i) s';
  const target = () => ({ format: 'csv' as const, header: true, path: path.join(folder, 'kept.csv') });
  const running = async () =>
    (
      await server.query(
        `select count(*)::int as n from pg_stat_activity where query like '%1000000000%' and state = 'active' and pid <> pg_backend_pid()`,
      )
    )[0]?.n;

  /** Nothing but the file that was there before, as it was. */
  async function nothingLeft(): Promise<void> {
    expect(await readFile(target().path, 'utf8')).toBe('before');
    expect(await filesIn(folder)).not.toContainEqual(expect.stringMatching(/\.(part|held)$/));
  }

  it('leaves nothing when its reader leaves, and the server stops too', async () => {
    await writeFile(target().path, 'before');
    let progress = 0;
    for await (const event of exportQuery(world.results, server.spec(), endless, target())) {
      expect(event.kind).toBe('progress');
      if (event.kind === 'progress' && event.rows > 0 && ++progress === 3) break;
    }
    await nothingLeft();
    await until(async () => (await running()) === 0, 'the query has ended');
  });

  it('leaves nothing when it is aborted while the server is silent', async () => {
    const abort = new AbortController();
    const events = exportQuery(world.results, server.spec(), 'select pg_sleep(1000000000)', target(), abort.signal);
    const ended = outcome(events);
    await until(async () => (await running()) === 1, 'the query runs');
    abort.abort();
    expect(await ended).toMatchObject({ kind: 'failed', failure: { kind: 'cancelled' } });
    await nothingLeft();
    await until(async () => (await running()) === 0, 'the query has ended');
  });

  it('says what the server said, also in the middle', async () => {
    const failing = 'select 1 / (50000 - i) from generate_series(1, 100000) i';
    expect(await outcome(exportQuery(world.results, server.spec(), failing, target()))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'postgres', sqlstate: '22012' },
    });
    expect(await outcome(exportQuery(world.results, server.spec(), 'selec 1', target()))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'postgres', sqlstate: '42601', position: 1 },
    });
    expect(
      await outcome(exportQuery(world.results, server.spec({ password: 'wrong' }), 'select 1', target())),
    ).toMatchObject({
      kind: 'failed',
      failure: { kind: 'connection', reason: 'passwordWrong' },
    });
    await nothingLeft();
  });

  it('says that the connection was lost', async () => {
    const events = exportQuery(world.results, server.spec(), endless, target());
    for await (const event of events) {
      if (event.kind === 'progress' && event.rows > 0)
        await server.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where query like '%1000000000%' and pid <> pg_backend_pid()`,
        );
      if (event.kind === 'failed') expect(event.failure).toMatchObject({ kind: 'connection' });
      expect(event.kind).not.toBe('done');
    }
    await nothingLeft();
  });

  it('writes nothing to the database', async () => {
    await server.query('create table if not exists counted (n int)');
    const end = await outcome(
      exportQuery(world.results, server.spec(), 'insert into counted values (1) returning n', target()),
    );
    expect(end).toMatchObject({ kind: 'failed', failure: { kind: 'postgres', sqlstate: '25006' } });
    expect(await server.query('select * from counted')).toEqual([]);
    expect(await outcome(exportQuery(world.results, server.spec(), 'set work_mem = 64', target()))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'invalid', field: 'sql' },
    });
    await nothingLeft();
  });

  it('names a folder that is not there', async () => {
    const file = { ...target(), path: path.join(folder, 'missing', 'x.csv') };
    expect(await outcome(exportQuery(world.results, server.spec(), 'select 1', file))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'invalid', field: 'target' },
    });
  });
});
