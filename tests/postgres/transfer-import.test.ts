/** Imports into a real server: every form of file, every kind of error, and a count that is always right. */
import { readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewFile } from '../../electron/postgres/import/preview.ts';
import { failureOf } from '../../shared/failure.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import { fileOf, importFile, planFor, type Wish } from './import-world.ts';
import { exportQuery, openResultsWorld, outcome, type ResultsWorld } from './results-world.ts';
import { startServer, type TestServer, uniqueName } from './servers.ts';

let server: TestServer;
let world: ResultsWorld;
const folder = scratchFolder();
beforeAll(async () => {
  server = await startServer(18);
  world = await openResultsWorld(() => server.spec());
});
afterAll(async () => {
  await world?.close();
  await server?.stop();
});

/** A new table of these columns; its name. */
async function table(columns: string): Promise<string> {
  const name = uniqueName('t');
  await server.query(`create table ${name} (${columns})`);
  return name;
}
const rowsOf = async (name: string) =>
  (await server.query(`select r::text as r from ${name} r order by 1`)).map(({ r }) => r);
const run = (file: string, wish: Wish, aborted?: () => boolean) => importFile(server.spec(), file, wish, aborted);
const csv = (content: string | Uint8Array, name = 'rows.csv') => fileOf(folder, name, content);

/** Every count adds up, whatever happened. */
async function counted(file: string, wish: Wish) {
  const done = await run(file, wish);
  expect(done.inserted + done.updated + done.rejected).toBe(done.read);
  const { read, inserted, updated, rejected, failure } = done;
  return {
    read,
    inserted,
    updated,
    rejected,
    failure,
    reasons: done.rejects.map(({ line, reason }) => `${line}: ${reason}`),
  };
}

describe('what was exported', () => {
  it('is imported again as the same rows, from every form', async () => {
    const name = await table(
      `id int primary key, t text, n numeric(12,3), at timestamptz, day date, ok boolean, doc jsonb, raw bytea, tags text[]`,
    );
    await server.query(`insert into ${name} select i, case i % 5 when 0 then null when 1 then '' when 2 then E'a,"b"\\n\\\\.\\t' else 'é€' || i end,
      i / 8.0, '2024-01-01'::timestamptz + i * interval '1 hour 1 microsecond', date '1999-12-31' + i, i % 2 = 0,
      jsonb_build_object('k', i, 'z', null), decode(md5(i::text), 'hex'), array['x', null, 'y,"'] from generate_series(1, 3000) i`);
    const digest = async (of: string) =>
      (await server.query(`select md5(string_agg(r::text, ',' order by id)) as m from ${of} r`))[0]?.m;
    const wanted = await digest(name);
    for (const [format, ending] of [
      ['csv', 'csv'],
      ['tsv', 'tsv'],
      ['json', 'json'],
      ['ndjson', 'ndjson'],
      ['parquet', 'parquet'],
    ] as const) {
      const target = await table(`like ${name} including all`);
      const file = fileOf(folder, `rows.${ending}`, '');
      const exported = await outcome(
        exportQuery(world.results, server.spec(), `select * from ${name} order by id`, { format, path: file }),
      );
      expect(exported.kind).toBe('done');
      // '' is NULL to nobody but in the text format, where it is '' as well.
      const { failure, ...counts } = await counted(file, { table: target });
      expect(failure, format).toBeNull();
      expect(counts, format).toMatchObject({ read: 3000, inserted: 3000, rejected: 0 });
      expect(await digest(target), format).toBe(wanted);
    }
  });

  it('comes from a workbook, with dates and more than one sheet', async () => {
    const name = await table('id int, t text, at timestamp, day date, ok boolean, big numeric');
    const sql = `select i as id, case when i % 3 > 0 then 'a <b> & _x0041_' || i end as t,
      timestamp '2024-02-29 12:34:56.789' + i * interval '1 day' as at, date '2024-02-29' + i as day, i % 2 = 0 as ok,
      12345678901234567890.5 + i as big from generate_series(1, 300) i`;
    const file = fileOf(folder, 'rows.xlsx', '');
    const wanted = { format: 'xlsx', path: file } as const;
    expect((await outcome(exportQuery(world.results, server.spec(), sql, wanted))).kind).toBe('done');
    const plan = await planFor(file, { table: name });
    expect(plan.columns.map(({ type }) => type)).toEqual([
      'integer',
      'text',
      'timestamp',
      'date',
      'boolean',
      'numeric',
    ]);
    expect(await counted(file, { table: name })).toMatchObject({ inserted: 300, rejected: 0, failure: null });
    const [differs] = await server.query(
      `select count(*)::int as n from (table ${name} except select * from (${sql}) s) d`,
    );
    expect(differs).toEqual({ n: 0 });
    await expect(planFor(file, { table: name, dialect: { sheet: 'other' } as never })).rejects.toThrow(
      'no sheet "other"',
    );
  });

  it('comes packed, with a mark at its beginning, or in another encoding', async () => {
    const name = await table('a text, b int');
    const text = 'a,b\nGrüße €,1\n';
    await run(csv(gzipSync(text), 'rows.csv.gz'), { table: name });
    await run(csv(zstdCompressSync(Buffer.from(text)), 'rows.csv.zst'), { table: name });
    await run(csv(`\ufeff${text}`), { table: name });
    await run(csv(Buffer.from(`\ufeff${text}`, 'utf16le')), { table: name });
    await run(csv(Buffer.from('a;b\nGr\xfc\xdfe \x80;1\n', 'latin1')), { table: name });
    expect(await rowsOf(name)).toEqual(Array(5).fill('("Grüße €",1)'));
  });
});

describe('what is sniffed', () => {
  it('is the marks, the header and the types', async () => {
    const plan = await planFor(
      csv("id;name;price;seen\n1;'a;b';1.50;2024-01-02 03:04:05+00\n2;x;7;2024-01-02 03:04\n"),
      {
        table: 'new',
        create: true,
        dialect: { quote: "'" } as never,
      },
    );
    expect(plan.dialect).toMatchObject({ format: 'csv', delimiter: ';', header: true, encoding: 'utf-8' });
    expect(plan.columns.map(({ target, type }) => `${target} ${type}`)).toEqual([
      'id integer',
      'name text',
      'price numeric',
      'seen timestamptz',
    ]);
    const bare = await planFor(csv('1,2024-01-01\n2,2024-01-02\n'), { table: 'new' });
    expect([bare.dialect.header, bare.sourceColumns]).toEqual([false, ['column_1', 'column_2']]);
  });

  it('says what a file is not, and what is mixed in it', async () => {
    const seen = async (name: string, content: string | Uint8Array) => {
      const { dialect, notes } = await previewFile({ path: fileOf(folder, name, content), name, dialect: {} });
      return { format: dialect.format, encoding: dialect.encoding, nullText: dialect.nullText, notes };
    };
    const usual = { format: 'csv', encoding: 'utf-8', nullText: null, notes: [] };
    expect(await seen('x.xlsx', 'a,b\n1,2\n')).toEqual({
      ...usual,
      notes: ['It is called .xlsx, but it is no workbook: it is read as CSV.'],
    });
    expect(await seen('nothing.csv', '')).toEqual({ ...usual, notes: ['There is nothing in this file.'] });
    expect(await seen('nulls.csv', 'a|b\n1|\\N\n\\N|x\n')).toEqual({ ...usual, nullText: '\\N' });
    await expect(seen('old.xls', Buffer.from('d0cf11e0a1b11ae100', 'hex'))).rejects.toThrow(/old form \(\.xls\)/);
    const latin = (text: string) => Buffer.from(text, 'latin1');
    const mixed = await seen('mixed.csv', Buffer.concat([Buffer.from('a\nGrüße\n'), latin('Gr\xfcn\n')]));
    expect(mixed).toMatchObject({
      encoding: 'utf-8',
      notes: [expect.stringMatching(/UTF-8 in it and something else/), expect.stringMatching(/^Line 3: /)],
    });
    const mostly = await seen('mostly.csv', Buffer.concat([Buffer.from('a\nü\n'), latin('\xfc\xe4\xf6\n')]));
    expect(mostly).toMatchObject({
      encoding: 'windows-1252',
      notes: [expect.stringMatching(/see whether they come out right/)],
    });
  });

  it('makes a table of it', async () => {
    const name = uniqueName('made');
    expect(await counted(csv('id,Name\n1,a\n2,\n'), { table: name, create: true })).toMatchObject({
      inserted: 2,
      failure: null,
    });
    expect(await server.query(`select id, "Name" from ${name} order by id`)).toEqual([
      { id: 1, Name: 'a' },
      { id: 2, Name: null },
    ]);
  });
});

describe('rows that cannot be', () => {
  it('are found each by itself, with line and reason, however many', async () => {
    const name = await table('id int primary key, n int check (n < 1000)');
    const lines = Array.from({ length: 5000 }, (_, at) => `${at},${at % 1000}`);
    lines[17] = 'seventeen,1';
    lines[2500] = '2500,5000';
    lines[2501] = '1,1';
    lines[4999] = '4999';
    const done = await counted(csv(`id,n\n${lines.join('\n')}\n`), { table: name });
    expect(done).toMatchObject({ read: 5000, inserted: 4996, rejected: 4, failure: null });
    expect(done.reasons).toEqual([
      '5001: 1 values where the file has 2 columns.',
      '19: invalid input syntax for type integer: "seventeen" · 22P02',
      expect.stringContaining('2502: new row for relation'),
      expect.stringContaining('2503: duplicate key value violates unique constraint'),
    ]);
    expect(await server.query(`select count(*)::int as n from ${name}`)).toEqual([{ n: 4996 }]);
  });

  it('are found far apart in a file of many batches, and every other row is there once', async () => {
    const name = await table('id int, note text');
    const note = 'n'.repeat(1000);
    const bad = [9_000, 30_000, 40_499];
    const lines = Array.from(
      { length: 40_500 },
      (_, at) => `${bad.includes(at) ? 'x' : at},"${at % 50 ? note : '\n'}"`,
    );
    const done = await counted(csv(`id,note\n${lines.join('\n')}\n`), { table: name });
    expect(done).toMatchObject({ read: 40_500, inserted: 40_497, updated: 0, rejected: 3, failure: null });
    // Every fiftieth record has a line break in it.
    const lineOf = (at: number) => 2 + at + Math.ceil(at / 50);
    expect(done.reasons).toEqual(bad.map((at) => `${lineOf(at)}: invalid input syntax for type integer: "x" · 22P02`));
    const sum = (40_499 * 40_500) / 2 - bad.reduce((all, at) => all + at, 0);
    expect(
      await server.query(`select count(*)::int as n, count(distinct id)::int as ids, sum(id)::int as s from ${name}`),
    ).toEqual([{ n: 40_497, ids: 40_497, s: sum }]);
  });

  it('are kept with their reasons in a file that can be mended', async () => {
    const name = await table('id int, t text');
    const { rejectsPath, rejected } = await run(csv('id,t\nx,"a ""b"""\n2,ok\n'), { table: name });
    expect(rejected).toBe(1);
    expect(readFileSync(rejectsPath, 'utf8')).toBe(
      'record,line,reason,id,t\n1,2,"invalid input syntax for type integer: ""x"" · 22P02",x,"a ""b"""\n',
    );
  });

  it('stop all of it where that was asked for, and nothing is changed', async () => {
    const name = await table('id int');
    const done = await run(csv('id\n1\n2\nthree\n'), { table: name, onError: 'stop' });
    expect(done.failure).toMatchObject({
      kind: 'postgres',
      sqlstate: '22P02',
      message: expect.stringMatching(/^Line 4: /),
    });
    expect(await rowsOf(name)).toEqual([]);
  });

  it('are only shown by a dry run', async () => {
    const name = await table('id int primary key');
    const done = await run(csv('id\n1\n1\nx\n'), { table: name, dryRun: true });
    expect(done).toMatchObject({ read: 3, inserted: 1, rejected: 2, failure: null });
    expect(await rowsOf(name)).toEqual([]);
  });

  it('are found before the commit where a constraint is deferred', async () => {
    const other = await table('id int primary key');
    await server.query(`insert into ${other} values (1)`);
    const name = await table(`id int references ${other} deferrable initially deferred`);
    expect(await counted(csv('id\n1\n2\n'), { table: name })).toMatchObject({
      inserted: 1,
      rejected: 1,
      failure: null,
    });
  });

  it('are counted where a trigger leaves them out', async () => {
    const name = await table('id int');
    await server.query(`create function drop_even_${name}() returns trigger language plpgsql as $$ begin
      return case when new.id % 2 = 0 then null else new end; end $$;
      create trigger t before insert on ${name} for each row execute function drop_even_${name}()`);
    expect(await counted(csv('id\n1\n2\n3\n4\n'), { table: name })).toMatchObject({
      read: 4,
      inserted: 2,
      rejected: 2,
    });
  });
});

describe('bad files', () => {
  it('NUL, bytes of another encoding, an open quote, lines of other lengths and an end of data in the middle', async () => {
    const name = await table('a text, b text');
    const content = Buffer.concat([
      Buffer.from('a,b\n1,ok\n2,nu\0l\n3,'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('\n4\n5,6,7\n\n\\.\n8,"two\nlines"\r\n9,x\n10,"open\n11,never\n'),
    ]);
    const done = await counted(csv(content), {
      table: name,
      dialect: { encoding: 'utf-8', delimiter: ',', header: true } as never,
    });
    expect(done).toMatchObject({ inserted: 3, rejected: 6, failure: null });
    expect(done.reasons).toEqual([
      '3: There is a NUL in it, which PostgreSQL cannot keep in a text.',
      '4: The bytes are not valid UTF-8: the file has another encoding, or several.',
      '5: 1 values where the file has 2 columns.',
      '6: 3 values where the file has 2 columns.',
      '8: 1 values where the file has 2 columns.',
      '12: A quote is opened and not closed.',
    ]);
    expect(await rowsOf(name)).toEqual(['(1,ok)', '(8,"two\nlines")', '(9,x)']);
  });

  it('lines that end with a carriage return alone, and dates with something behind them', async () => {
    const name = await table('id int, day date');
    const done = await counted(csv('id,day\r1,2024-01-31\r2,2024-02-29\r'), { table: name });
    expect(done).toMatchObject({ read: 2, inserted: 2, failure: null });
    const rules = { trim: false, nullWords: [], replace: [], dateFormat: 'DD.MM.YYYY', expression: null };
    const columns = [
      { source: 0, target: 'id' },
      { source: 1, target: 'day', rules },
    ];
    const dates = 'id,day\n3,31.1.2024\n4,31.01.2024 noon\n5,31.01.\n6,\n7,31.01.2024-02\n';
    const dated = await counted(csv(dates), { table: name, columns });
    expect(dated).toMatchObject({ read: 5, inserted: 2, rejected: 3 });
    expect(dated.reasons[0]).toContain('31.01.2024 noon is not of the form DD.MM.YYYY');
    expect(await rowsOf(name)).toEqual(['(1,2024-01-31)', '(2,2024-02-29)', '(3,2024-01-31)', '(6,)']);
  });

  it('5,000 columns, of which three are wanted', async () => {
    const name = await table('first text, middle text, last text');
    const names = Array.from({ length: 5000 }, (_, at) => `c${at}`);
    const values = names.map((_, at) => `v${at}`);
    const columns = [
      { source: 0, target: 'first' },
      { source: 2500, target: 'middle' },
      { source: 4999, target: 'last' },
    ];
    const done = await counted(csv(`${names.join(',')}\n${values.join(',')}\n`), { table: name, columns });
    expect(done).toMatchObject({ inserted: 1, failure: null });
    expect(await rowsOf(name)).toEqual(['(v0,v2500,v4999)']);
  });

  it('a line of 200 MB is no record, and nothing is changed', async () => {
    const name = await table('a text');
    const file = csv(Buffer.concat([Buffer.from(`a\n${'first\n'.repeat(600)}`), Buffer.alloc(200_000_000, 'x')]));
    const done = await run(file, { table: name });
    expect(done.failure).toMatchObject({ kind: 'invalid', message: expect.stringContaining('longer than 64 MB') });
    expect(await rowsOf(name)).toEqual([]);
  });

  it('a packed file that is cut off, an array that does not end, another form than it says', async () => {
    const name = await table('a int');
    const cut = gzipSync(`a\n${Array.from({ length: 50_000 }, (_, at) => at * 7919).join('\n')}\n`);
    const packed = await run(csv(cut.subarray(0, cut.length - 9), 'cut.csv.gz'), { table: name });
    expect(packed.failure).toMatchObject({ kind: 'invalid', message: expect.stringContaining('damaged or cut off') });
    const array = await run(fileOf(folder, 'cut.json', '[{"a": 1}, {"a": 2}'), { table: name });
    expect(array.failure).toMatchObject({ message: expect.stringContaining('The array does not end') });
    await expect(planFor(fileOf(folder, 'x.xlsx', 'PK\u0003\u0004…'), { table: name })).rejects.toThrow(
      'workbook is damaged',
    );
    await expect(planFor(fileOf(folder, 'x.parquet', 'PAR1 nothing'), { table: name })).rejects.toThrow(
      'no Parquet file',
    );
    expect(await rowsOf(name)).toEqual([]);
  });

  it('objects with keys of their own, and numbers of any length', async () => {
    const name = await table('a numeric, b jsonb');
    const lines = [
      '{"a": 12345678901234567890.10, "b": {"c": [1, 2.50]}}',
      '{"a": 1, "other": 2}',
      'no json',
      '{"b": null}',
    ];
    const file = fileOf(folder, 'rows.ndjson', lines.join('\n'));
    const columns = [
      { source: 0, target: 'a' },
      { source: 1, target: 'b' },
    ];
    const done = await counted(file, { table: name, sourceColumns: ['a', 'b'], columns });
    expect(done.reasons).toEqual(['2: The key "other" is in none of the columns.', '3: This is no object of JSON.']);
    expect(await server.query(`select a::text, b::text from ${name} where a is not null`)).toEqual([
      { a: '12345678901234567890.10', b: '{"c": [1, 2.50]}' },
    ]);
  });
});

describe('an existing table', () => {
  it('is updated by a key, the last of equal ones counting', async () => {
    for (const partition of ['', ' partition by hash (id)']) {
      const name = uniqueName('up');
      await server.query(`create table ${name} (id int primary key, t text)${partition}`);
      if (partition)
        await server.query(`create table ${name}_0 partition of ${name} for values with (modulus 1, remainder 0)`);
      await server.query(`insert into ${name} values (1, 'old'), (9, 'kept')`);
      const done = await counted(csv('id,t\n1,new\n2,a\n2,b\nx,c\n'), { table: name, mode: 'upsert', keys: ['id'] });
      expect(done).toMatchObject({ read: 4, inserted: 1, updated: 2, rejected: 1, failure: null });
      expect(await rowsOf(name)).toEqual(['(1,new)', '(2,b)', '(9,kept)']);
    }
  });

  it('is replaced as a whole, or not at all', async () => {
    const name = await table('id int');
    await server.query(`insert into ${name} values (7)`);
    expect((await run(csv('id\nx\n'), { table: name, mode: 'replace', onError: 'stop' })).failure).not.toBeNull();
    expect(await rowsOf(name)).toEqual(['(7)']);
    await run(csv('id\n1\n2\n'), { table: name, mode: 'replace' });
    expect(await rowsOf(name)).toEqual(['(1)', '(2)']);
  });

  it('takes values as the rules make them, and refuses what is too long', async () => {
    const name = await table('id int, name varchar(5), day date, price numeric, full_name text');
    const rules = (change: object) => ({
      trim: false,
      nullWords: [],
      replace: [],
      dateFormat: null,
      expression: null,
      ...change,
    });
    const columns = [
      { source: 0, target: 'id' },
      { source: 1, target: 'name', rules: rules({ trim: true, nullWords: ['n/a'] }) },
      { source: 2, target: 'day', rules: rules({ dateFormat: 'DD.MM.YYYY' }) },
      {
        source: 3,
        target: 'price',
        rules: rules({
          replace: [
            { from: '.', to: '' },
            { from: ',', to: '.' },
          ],
        }),
      },
      { source: null, target: 'full_name', rules: rules({ expression: `upper("name") || ':' || "price"` }) },
    ];
    const file = csv(
      'id|name|day|price\n1|  ann |31.12.2024|1.234,50\n2|N/A|1.2.2024|7\n3|muchlong|1.1.2024|1\n4|x|31.02.2024|1\n',
    );
    const done = await counted(file, { table: name, columns });
    expect(done).toMatchObject({ inserted: 2, rejected: 2, failure: null });
    expect(done.reasons.join()).toMatch(/4: value too long.*5: date\/time field value out of range/s);
    expect(await rowsOf(name)).toEqual(['(1,ann,2024-12-31,1234.50,"  ANN :1.234,50")', '(2,,2024-02-01,7,N/A:7)']);
  });

  it('takes values for an identity column as COPY does', async () => {
    const name = await table('id int generated always as identity, t text');
    const trim = { trim: true, nullWords: [], replace: [], dateFormat: null, expression: null };
    await run(csv('id,t\n5,a\n'), { table: name });
    await run(csv('id,t\n6, b\n'), {
      table: name,
      columns: [
        { source: 0, target: 'id' },
        { source: 1, target: 't', rules: trim },
      ],
    });
    expect(await rowsOf(name)).toEqual(['(5,a)', '(6,b)']);
  });
});

describe('in batches', () => {
  it('each stands by itself, and what was cut off goes on where it was', async () => {
    const name = await table('id int primary key, check (id <> 3500)');
    const lines = Array.from({ length: 5000 }, (_, at) => String(at));
    const file = csv(`id\n${lines.join('\n')}\n`);
    const wish = { table: name, transaction: 'batches', batchRows: 1000, onError: 'stop' } as const;
    const first = await run(file, wish);
    expect(first.failure).toMatchObject({ message: expect.stringMatching(/^Line 3502: /) });
    expect(await server.query(`select count(*)::int as n from ${name}`)).toEqual([{ n: 3000 }]);
    await server.query(`alter table ${name} drop constraint ${name}_id_check`);
    const second = await run(file, wish);
    expect(second).toMatchObject({ read: 5000, inserted: 5000, resumed: 3000, failure: null });
    expect(await server.query(`select count(*)::int as n, max(id) from ${name}`)).toEqual([{ n: 5000, max: 4999 }]);
    expect(await server.query(`select to_regclass('public.howdah_import_progress') as t`)).toEqual([{ t: null }]);
  });

  it('a cancelled import in one transaction leaves nothing', async () => {
    const name = await table('id int');
    const file = csv(`id\n${Array.from({ length: 20_000 }, (_, at) => at).join('\n')}\n`);
    let asked = 0;
    const done = await run(file, { table: name, batchRows: 1000 }, () => ++asked > 5);
    expect(done.failure).toEqual({ kind: 'cancelled', message: 'Cancelled. Nothing was changed.' });
    expect(await rowsOf(name)).toEqual([]);
  });

  it('a link that is cut leaves nothing, or goes on, and at the COMMIT the outcome is called unknown', async () => {
    const file = csv(`id\n${Array.from({ length: 3000 }, (_, id) => id).join('\n')}\n`);
    const cutting = async (when: string, body: string): Promise<string> => {
      const name = await table('id int primary key');
      await server.query(`create table ${name}_cut as select true as armed;
        create function ${name}_f() returns trigger language plpgsql as $$ begin
          if ${body} and (select armed from ${name}_cut) then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$;
        create ${when} on ${name} for each row execute function ${name}_f()`);
      return name;
    };
    const half = await cutting('trigger t before insert', 'new.id = 2100');
    const wish = { table: half, onError: 'stop' } as const;
    expect((await run(file, wish)).failure?.kind).toMatch(/connection|postgres/);
    expect(await rowsOf(half)).toEqual([]);
    const batches = { ...wish, transaction: 'batches', batchRows: 500 } as const;
    expect((await run(file, batches)).failure).not.toBeNull();
    expect(await rowsOf(half)).toHaveLength(2000);
    await server.query(`update ${half}_cut set armed = false`);
    expect(await run(file, batches)).toMatchObject({ failure: null, read: 3000, inserted: 3000, resumed: 2000 });
    expect(await rowsOf(half)).toHaveLength(3000);
    const late = await cutting('constraint trigger t after insert', 'new.id = 7');
    await server.query(`alter table ${late} disable trigger t; drop trigger t on ${late};
      create constraint trigger t after insert on ${late} deferrable initially deferred for each row execute function ${late}_f()`);
    expect((await run(file, { table: late, onError: 'stop' })).failure).toMatchObject({ kind: 'outcomeUnknown' });
    expect(await rowsOf(late)).toEqual([]);
  });

  it('is refused on a read-only connection', async () => {
    const name = await table('id int');
    const refused = importFile(server.spec({ readOnly: true }), csv('id\n1\n'), { table: name });
    expect(failureOf(await refused.catch((thrown) => thrown))).toMatchObject({ kind: 'unsupported' });
  });
});
