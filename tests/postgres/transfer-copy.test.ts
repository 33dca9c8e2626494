/** Rows from one server's table into another's: of another version, of the same, killed on the way, with rules, compared in the end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BackupLink } from '../../electron/postgres/backup/wire/backup-link.ts';
import { copySourceFactsOf } from '../../electron/postgres/copy/copy-columns.ts';
import { CopyOutStream } from '../../electron/postgres/copy/copy-out.ts';
import { type CopyTask, runCopy } from '../../electron/postgres/copy/run-copy.ts';
import type { CopySource } from '../../shared/api/table-copy.ts';
import { failureOf } from '../../shared/failure.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import { type CopyWish, copyTask, ofTable } from './copy-world.ts';
import { startServer, type TestServer, uniqueName } from './servers.ts';

let old: TestServer;
let now: TestServer;
const folder = scratchFolder();
beforeAll(async () => {
  [old, now] = await Promise.all([startServer(13), startServer(18)]);
});
afterAll(() => Promise.all([old?.stop(), now?.stop()]));

const types = `id int primary key, t text, n numeric(12,3), at timestamptz, day date, ok boolean, doc jsonb, raw bytea,
  tags text[], f double precision, span interval, addr inet`;
const fill = (name: string, rows: number) => `insert into ${name} select i,
  case i % 5 when 0 then null when 1 then '' when 2 then E'a,"b"\\n\\\\.\\t\\\\N' else 'é€' || i end, i / 8.0,
  '2024-01-01'::timestamptz + i * interval '1 hour 1 microsecond', date '1999-12-31' + i, i % 2 = 0,
  jsonb_build_object('k', i, 'z', null), decode(md5(i::text), 'hex'), array['x', null, 'y,"'],
  case i % 3 when 0 then 'NaN' else i / 7.0 end, i * interval '1 day 3 minutes', '10.0.0.1'::inet + i
  from generate_series(1, ${rows}) i`;

const task = (from: TestServer, to: TestServer, source: CopySource, table: string, wish?: CopyWish) =>
  copyTask({ from: from.spec(), to: to.spec(), rejectsPath: path.join(folder, `${table}.csv`) }, source, table, wish);
const run = (wanted: CopyTask, aborted = () => false) => runCopy(wanted, () => {}, aborted);
const digest = async (server: TestServer, name: string) =>
  (await server.query(`select count(*)::int as n, md5(string_agg(r::text, ',' order by id)) as m from ${name} r`))[0];

/** The same table in both servers, with rows in the first. */
async function pair(from: TestServer, to: TestServer, rows: number): Promise<[string, string]> {
  const [source, target] = [uniqueName('s'), uniqueName('t')];
  await from.query(`create table ${source} (${types}); ${fill(source, rows)}`);
  await to.query(`create table ${target} (${types})`);
  return [source, target];
}

describe('a table as it is', () => {
  it('goes to another version as text, to the same one as its own bytes, and is the same', async () => {
    for (const [from, to, how] of [
      [old, now, 'text'],
      [now, old, 'text'],
      [now, now, 'binary'],
    ] as const) {
      const [source, target] = await pair(from, to, 3000);
      const done = await run(await task(from, to, ofTable(source), target));
      expect(done).toMatchObject({ failure: null, read: 3000, inserted: 3000, how });
      expect(done.check).toEqual({ kind: 'same', sourceRows: 3000, targetRows: 3000, why: null });
      expect(await digest(to, target)).toEqual(await digest(from, source));
    }
  });

  it('is made where it is missing, emptied where that is wished, and only tried in a dry run', async () => {
    const [source, target] = await pair(old, now, 200);
    const made = uniqueName('m');
    expect(await run(await task(old, now, ofTable(source), made, { create: true }))).toMatchObject({
      failure: null,
      inserted: 200,
    });
    expect(await digest(now, made)).toEqual(await digest(old, source));
    const dry = await run(await task(old, now, ofTable(source), target, { dryRun: true }));
    expect(dry).toMatchObject({
      failure: null,
      inserted: 200,
      notes: ['Nothing was changed: all of it was rolled back.'],
    });
    expect((await digest(now, target))?.n).toBe(0);
    const replace = await task(old, now, ofTable(source), made, { mode: 'replace' });
    expect(await run(replace)).toMatchObject({ failure: null, check: { kind: 'same', targetRows: 200 } });
    const [full] = await now.query(`select count(*)::int as n from ${made}`);
    expect(full?.n).toBe(200);
  });

  it('is undone where both sides are not the same in the end', async () => {
    const [source, target] = await pair(old, now, 100);
    await now.query(`create function ${target}_f() returns trigger language plpgsql as $$ begin new.t := 'changed'; return new; end $$;
      create trigger t before insert on ${target} for each row when (new.id = 50) execute function ${target}_f()`);
    const done = await run(await task(old, now, ofTable(source), target));
    expect(done.failure).toMatchObject({ kind: 'invalid', field: 'check' });
    expect(done.failure?.message).toContain('The 100 rows of the two sides have different checksums.');
    expect((await digest(now, target))?.n).toBe(0);
    const unchecked = await run(await task(old, now, ofTable(source), target, { check: false }));
    expect(unchecked).toMatchObject({ failure: null, inserted: 100, check: null });
  });
});

describe('a query', () => {
  it('is copied, and one that is none or has columns twice is refused', async () => {
    const [source, target] = await pair(old, now, 50);
    const query = (sql: string): CopySource => ({ kind: 'query', sql });
    const done = await run(
      await task(old, now, query(`select id, upper(t) as t from ${source} where id <= 20; -- end`), target),
    );
    expect(done).toMatchObject({ failure: null, inserted: 20, check: { kind: 'same' } });
    for (const [sql, words] of [
      [`select 1 as a, 2 as a`, 'Two columns of the query are called "a"'],
      ['select 1; select 2', 'One query can be copied at a time'],
      ['select $1::int as a', 'The query has parameters'],
      [`delete from ${source} returning id`, 'syntax error'],
    ] as const)
      expect((await copySourceFactsOf(old.spec(), query(sql)).then(() => null, failureOf))?.message).toContain(words);
    const acts = query('select pg_reload_conf() as a');
    const spec = { ...old.spec(), readOnly: true };
    expect(await copySourceFactsOf(spec, acts).then(() => null, failureOf)).not.toBeNull();
  });
});

describe('columns', () => {
  it('of types that do not go into each other are refused before anything is read', async () => {
    const target = uniqueName('t');
    const source = uniqueName('s');
    await old.query(
      `create table ${source} (id int primary key, day date, tags int[]); insert into ${source} values (1, now(), '{1}')`,
    );
    await now.query(`create table ${target} (id int primary key, day boolean, tags text)`);
    const refused = await task(old, now, ofTable(source), target)
      .then(run)
      .then(() => null, failureOf);
    expect(refused).toMatchObject({ kind: 'invalid', field: 'columns' });
    expect(refused?.message).toContain('"day" is date, which does not go into "day" of type boolean.');
    const late = await task(
      old,
      now,
      { kind: 'query', sql: `select id, 'perhaps' as day from ${source}` },
      target,
    ).then(run);
    const message = expect.stringMatching(/ Nothing was changed\.$/);
    expect(late.failure).toMatchObject({ kind: 'postgres', sqlstate: '22P02', message });
    const columns = [
      { source: 0, target: 'id' },
      { source: 1, target: 'day', rules: { expression: `day = 'never'` } },
      { source: 2, target: 'tags', rules: { replace: [{ from: '{', to: '[' }] } },
    ];
    const ruled = await run(await task(old, now, ofTable(source), target, { columns }));
    expect(ruled).toMatchObject({ failure: null, inserted: 1, how: 'rows', check: { kind: 'counts', sourceRows: 1 } });
    expect(await now.query(`select * from ${target}`)).toEqual([{ id: 1, day: false, tags: '[1}' }]);
  });

  it('of a key let rows be updated, and rows that do not fit be put aside', async () => {
    const [source, target] = [uniqueName('s'), uniqueName('t')];
    await old.query(
      `create table ${source} (id int primary key, t text); insert into ${source} select i, i::text from generate_series(1, 10) i`,
    );
    await now.query(`create table ${target} (id int primary key, t varchar(1)); insert into ${target} values (3, 'x')`);
    const wish = { mode: 'upsert', keys: ['id'], onError: 'reject' };
    const done = await run(await task(old, now, ofTable(source), target, wish));
    expect(done).toMatchObject({ failure: null, read: 10, inserted: 8, updated: 1, rejected: 1 });
    expect(done.rejects[0]?.reason).toContain('value too long');
  });
});

describe('a copy that is cut off', () => {
  it('by a person leaves nothing, or in batches goes on', async () => {
    const [source, target] = await pair(old, now, 20_000);
    let asked = 0;
    const whole = await run(await task(old, now, ofTable(source), target), () => ++asked > 3);
    expect(whole.failure).toMatchObject({ kind: 'cancelled' });
    expect((await digest(now, target))?.n).toBe(0);
  });

  it('has the source stop, though it waits for its bytes to be taken, and leaves the link as it was', async () => {
    // The second connection brings the word that stops it: so late that the server has filled all there is on the way.
    const full = `select from pg_stat_activity where application_name = 'howdah: left' and wait_event = 'ClientWrite'`;
    let connections = 0;
    const slow = createServer(async (page) => {
      page.on('error', () => {});
      if (++connections > 1) for (let look = 0; look < 300 && (await old.query(full)).length === 0; look++);
      const onward = connect(old.port, '127.0.0.1').on('error', () => page.destroy());
      page.pipe(onward).pipe(page);
    });
    await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
    const { port } = slow.address() as AddressInfo;
    const link = await BackupLink.open(old.spec({ port, sslMode: 'disable' }), 'howdah: left');
    try {
      const endless = `copy (select repeat('x', 1000), generate_series(1, 1000000000)) to stdout`;
      const pieces = new CopyOutStream(link).read(endless);
      expect((await pieces.next()).done).toBe(false);
      await pieces.return();
      expect(await link.rows('select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      await link.close();
      slow.close();
    }
  });

  it('with kill -9 goes on, exactly', async () => {
    const [source, target] = await pair(old, now, 30_000);
    const wanted = await task(old, now, ofTable(source), target, { transaction: 'batches', batchRows: 250 });
    for (let kill = 0; kill < 3; kill++) await killedOnTheWay(wanted);
    const done = await run(wanted);
    expect(done).toMatchObject({ failure: null, read: 30_000, inserted: 30_000 });
    expect(done.resumed).toBeGreaterThan(0);
    expect(done.check).toMatchObject({ kind: 'same', sourceRows: 30_000 });
    expect(await digest(now, target)).toEqual(await digest(old, source));
    expect(await now.query(`select to_regclass('howdah_copy_progress') as t`)).toEqual([{ t: null }]);
  });

  it('by a lost source or target says so', async () => {
    const target = uniqueName('t');
    // Its first row waits for us: a hundred megabytes are then on their way and stay there.
    await now.query(`create table ${target} (id int, t text);
      create function ${target}_f() returns trigger language plpgsql as $$ begin
        perform pg_advisory_xact_lock(1); return new; end $$;
      create trigger t before insert on ${target} for each row when (new.id = 1) execute function ${target}_f()`);
    const sql = `select i as id, repeat('x', 1000) as t from generate_series(1, 100000) i`;
    const lost = async (server: TestServer, application: string) => {
      await now.query('select pg_advisory_lock(1)');
      const work = task(old, now, { kind: 'query', sql }, target)
        .then(run)
        .catch((thrown) => ({ failure: failureOf(thrown) }));
      const waiting = () => now.query(`select from pg_stat_activity where wait_event_type = 'Lock'`);
      await expect.poll(waiting).toHaveLength(1);
      const killed = await server.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name like '${application}%' and state = 'active' and query ilike 'copy%'`,
      );
      expect(killed).toHaveLength(1);
      await now.query('select pg_advisory_unlock(1)');
      return (await work).failure;
    };
    const count = async () => (await now.query(`select count(*)::int as n from ${target}`))[0]?.n;
    expect((await lost(old, 'howdah: copy'))?.kind).toMatch(/connection|postgres/);
    expect(await count()).toBe(0);
    expect((await lost(now, 'howdah: editor'))?.kind).toMatch(/connection|postgres/);
    expect(await count()).toBe(0);
  });
});

/** As a process that kills itself when it would first tell how far it is: no slower than what it does. */
async function killedOnTheWay(wanted: CopyTask): Promise<void> {
  const script = path.join(import.meta.dirname, '..', 'fixtures', 'copy-until-killed.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(wanted)], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}
