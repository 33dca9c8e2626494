/** Exports in every format against the server's own words; several tables of one moment; packing, splitting, encodings. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSampleSchema } from '../../electron/features/sample/load-schema.ts';
import { openExport } from '../../electron/features/transfer/export.ts';
import type { TableName } from '../../shared/api/import-plan.ts';
import type { ExportChoices, ExportProgress, ExportSource } from '../../shared/api/transfer.ts';
import { exportOptions } from '../../shared/api/transfer.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import { openResultsWorld, outcome, type ResultsWorld } from './results-world.ts';
import { startServer, type TestServer } from './servers.ts';

let server: TestServer;
let world: ResultsWorld;
const folder = scratchFolder();
beforeAll(async () => {
  server = await startServer(18);
  await loadSampleSchema(server, { rows: 'few' });
  await server.query(`
    create schema "odd ""place";
    create table "odd ""place"."a/b" (id bigint generated always as identity, "sum=" int generated always as (1) stored,
      "=cmd" text, price numeric(12,3), wide numeric, at timestamp, seen timestamptz, day date, flag boolean,
      doc jsonb, raw bytea, u uuid, f8 double precision, tags text[]);
    insert into "odd ""place"."a/b" ("=cmd", price, wide, at, seen, day, flag, doc, raw, u, f8, tags) values
      ('=1+1', -5.500, 12345678901234567890.123, '2024-02-29 23:59:59.123456', '2024-03-10 01:02:03+05:30',
        '1899-12-31', true, '{"a": "<&>"}', '\\x00ff', '7b3d5a1e-0000-4000-8000-000000000001', 0.1, array['x', null]),
      (null, null, null, null, null, null, null, null, null, null, null, null),
      (E'line\\nbreak|"q"\\\\ _x0041_ \\x01', 1, 0, '0044-03-15 12:00 BC', '1969-12-31 23:59:59.999999+00', '9999-12-31',
        false, '[]', '', null, 'NaN', '{}'),
      ('@x', 999999999.999, 'NaN', '2000-01-01', '2000-01-01+00', '2024-05-06', true, '1', 'abc', null, '-Infinity', null);
    create table parent (id int); create table child () inherits (parent);
    insert into parent values (1); insert into child values (2);
    create table parted (id int) partition by list (id); create table part_1 partition of parted for values in (1);
    insert into parted values (1);`);
  world = await openResultsWorld(() => server.spec());
});
afterAll(async () => {
  await world?.close();
  await server?.stop();
});

const odd: TableName = { schema: 'odd "place', name: 'a/b' };
const inPublic = (name: string): TableName => ({ schema: 'public', name });

async function events(source: ExportSource, choices: ExportChoices, target: string | null) {
  const needs = {
    results: world.results,
    sources: { source: () => world.sources.source('test') },
    specOf: async () => server.spec(),
    dataFolder: folder,
  };
  return openExport(needs, { source, options: exportOptions.parse(choices), path: target });
}
type Done = Extract<ExportProgress, { kind: 'done' }>;
async function exported(source: ExportSource, choices: ExportChoices): Promise<{ bytes: Buffer; end: Done }> {
  const target = path.join(folder, 'exported');
  const end = await outcome(await events(source, choices, target));
  if (end.kind === 'failed') throw new Error(JSON.stringify(end.failure));
  return { bytes: await readFile(target), end };
}
const tables = (...names: TableName[]): ExportSource => ({ kind: 'tables', connectionId: 'test', tables: names });
const query = (sql: string): ExportSource => ({ kind: 'query', connectionId: 'test', sql });
const textOf = async (source: ExportSource, choices: ExportChoices) =>
  (await exported(source, choices)).bytes.toString();

/** What COPY writes with the options. */
async function copied(sql: string, options: string): Promise<string> {
  const file = path.join(server.socketFolder, 'copied');
  await server.query(`copy (${sql}) to '${file}' (${options})`);
  return readFileSync(file, 'utf8');
}

/** The entries of an archive, read by their directory as every reader does. */
function unzipped(bytes: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(bytes.length - 6);
  while (bytes.readUInt32LE(at) === 0x0201_4b50) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    expect([bytes.readUInt32LE(local + 14), bytes.readUInt32LE(local + 18)]).toEqual([
      bytes.readUInt32LE(at + 16),
      bytes.readUInt32LE(at + 20),
    ]);
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(at + 20));
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const content = bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    expect(content.length).toBe(bytes.readUInt32LE(at + 24));
    entries.set(name, content);
    at += 46 + nameLength + bytes.readUInt16LE(at + 30);
  }
  return entries;
}

describe('the text formats', () => {
  const sql = 'select * from "odd ""place"."a/b" order by id';

  it('are COPY’s with all of its options', async () => {
    const cases: [ExportChoices, string][] = [
      [{ format: 'csv' }, 'format csv, header'],
      [
        { format: 'csv', header: false, delimiter: '|', quote: "'", escape: '\\' },
        `format csv, delimiter '|', quote '''', escape '\\'`,
      ],
      [{ format: 'csv', forceQuote: true }, 'format csv, header, force_quote *'],
      [{ format: 'csv', forceQuote: ['price', '=cmd'] }, 'format csv, header, force_quote (price, "=cmd")'],
      [{ format: 'csv', delimiter: ';', nullText: 'NaN' }, `format csv, header, delimiter ';', null 'NaN'`],
      [{ format: 'csv', delimiter: '\t' }, `format csv, header, delimiter E'\\t'`],
      [{ format: 'tsv', delimiter: '|', nullText: '' }, `format text, header, delimiter '|', null ''`],
    ];
    for (const [choices, options] of cases) {
      expect(await textOf(query(sql), choices), options).toBe(await copied(sql, options));
    }
  });

  it('keep a spreadsheet from running what is in a value, and numbers numbers', async () => {
    const text = await textOf(query('select "=cmd", price from "odd ""place"."a/b" where id in (1, 4) order by id'), {
      format: 'csv',
      spreadsheetSafe: true,
      lineEnd: 'crlf',
    });
    expect(text).toBe("'=cmd,price\r\n'=1+1,-5.500\r\n'@x,999999999.999\r\n");
  });

  it('are read back by the server as the same rows, as SQL of each style', async () => {
    const digest = (table: string) =>
      server.query(`select md5(string_agg(t::text, ',' order by t::text)) as m from ${table} t`);
    const before = await digest('"odd ""place"."a/b"');
    for (const sqlStyle of ['rows', 'insert', 'copy'] as const) {
      const text = await textOf(tables(odd), { format: 'sql', sqlStyle });
      await server.query('begin; truncate "odd ""place"."a/b"; commit');
      if (sqlStyle === 'copy') {
        const [head = '', ...lines] = text.split('\n');
        expect(lines.slice(-2)).toEqual(['\\.', '']);
        const file = path.join(server.socketFolder, 'lines');
        await server.query(`copy (select 1) to '${file}'`);
        execFileSync('/bin/sh', ['-c', `cat > "$1"`, 'sh', file], { input: `${lines.slice(0, -2).join('\n')}\n` });
        await server.query(head.replace('FROM stdin', `FROM '${file}'`));
      } else await server.query(text);
      expect(await digest('"odd ""place"."a/b"'), sqlStyle).toEqual(before);
    }
  });

  it('are tables for people, with nothing in them that acts', async () => {
    const some = query(`select '<script>&' as "a|b", 1 as n, null as nothing`);
    expect(await textOf(some, { format: 'markdown' })).toBe(
      '| a\\|b | n | nothing |\n| --- | ---: | --- |\n| &lt;script>&amp; | 1 | NULL |\n',
    );
    const page = await textOf(some, { format: 'html' });
    expect(page).toContain('<tr><td>&lt;script&gt;&amp;</td><td class="n">1</td><td class="null">NULL</td></tr>');
  });
});

describe('a workbook', () => {
  it('has the values as Excel has them, and says what it has not', async () => {
    const { bytes, end } = await exported(tables(odd), { format: 'xlsx' });
    const entries = unzipped(bytes);
    expect([...entries.keys()].sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    expect(entries.get('xl/workbook.xml')?.toString()).toContain('<sheet name="odd &quot;place.a_b"');
    const rows = entries.get('xl/worksheets/sheet1.xml')?.toString().split('</row>') ?? [];
    expect(rows[1]).toContain('<t xml:space="preserve">=1+1</t></is></c><c><v>-5.500</v></c>');
    expect(rows[1]).toContain('<t xml:space="preserve">12345678901234567890.123</t>');
    expect(rows[1]).toContain('<c s="2"><v>45351.99998');
    expect(rows[1]).toContain('<t xml:space="preserve">1899-12-31</t>');
    expect(rows[1]).toContain('{"a": "&lt;&amp;&gt;"}');
    expect(rows[3]).toContain('_x005F_x0041_ _x0001_');
    expect(rows[4]).toContain('<c s="1"><v>45418</v></c>');
    expect(end.notes).toEqual(['1 numbers have more digits than a cell holds (15) and are written as texts.']);
  });

  it('has a sheet a table, with names that Excel takes', async () => {
    const names = [inPublic('every_type'), odd, inPublic('parent')];
    const entries = unzipped((await exported(tables(...names), { format: 'xlsx' })).bytes);
    expect([...entries.keys()].filter((name) => name.includes('sheets/'))).toHaveLength(3);
    expect(entries.get('xl/workbook.xml')?.toString()).toMatch(/name="public.every_type".*name="public.parent"/);
  });
});

describe('Parquet', () => {
  const compressors = { ZSTD: (packed: Uint8Array) => zstdDecompressSync(packed) };

  it('has the types, exactly', async () => {
    const target = path.join(folder, 'exported');
    const { end } = await exported(tables(odd), { format: 'parquet' });
    const parsers = { timestampFromMicroseconds: (micros: bigint) => micros };
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(target), compressors, parsers });
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({
      id: 1n,
      'sum=': 1,
      '=cmd': '=1+1',
      price: -5.5,
      wide: '12345678901234567890.123',
      at: 1_709_251_199_123_456n,
      seen: 1_710_012_723_000_000n,
      day: new Date('1899-12-31'),
      flag: true,
      u: '7b3d5a1e-0000-4000-8000-000000000001',
      f8: 0.1,
      tags: '{x,NULL}',
    });
    expect(Object.values(rows[1] as object).slice(2)).toEqual(Array(12).fill(null));
    expect(rows[2]).toMatchObject({ f8: Number.NaN, at: -63_517_780_800_000_000n, seen: -1n });
    expect(end.notes.join()).toContain('"wide": numbers of any length are written as texts');
  });

  it('says which value it has no word for', async () => {
    const target = path.join(folder, 'exported');
    const bad = query(`select 'infinity'::date as "never"`);
    expect(await outcome(await events(bad, { format: 'parquet' }, target))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'invalid', message: expect.stringContaining('Column "never" holds infinity') },
    });
  });

  it('is written a group at a time', async () => {
    const target = path.join(folder, 'exported');
    const { end } = await exported(query('select i, i::text as t from generate_series(1, 250000) i'), {
      format: 'parquet',
    });
    expect(end.rows).toBe(250_000);
    const file = await asyncBufferFromFile(target);
    const rows = await parquetReadObjects({ file, compressors, rowStart: 249_998 });
    expect(rows).toEqual([
      { i: 249_999, t: '249999' },
      { i: 250_000, t: '250000' },
    ]);
  });
});

describe('packing', () => {
  const many = query(`select i, repeat('x', 100) as t from generate_series(1, 30000) i`);
  it('gives the same bytes behind gzip and zstd', async () => {
    const plain = (await exported(many, { format: 'csv' })).bytes;
    expect(plain.length).toBeGreaterThan(3_000_000);
    expect(gunzipSync((await exported(many, { format: 'csv', compression: 'gzip' })).bytes).equals(plain)).toBe(true);
    expect(zstdDecompressSync((await exported(many, { format: 'csv', compression: 'zstd' })).bytes).equals(plain)).toBe(
      true,
    );
    const none = query('select 1 where false');
    expect(
      zstdDecompressSync((await exported(none, { format: 'csv', header: false, compression: 'zstd' })).bytes),
    ).toHaveLength(0);
  });

  it('splits at rows, each file whole by itself', async () => {
    const entries = unzipped((await exported(many, { format: 'csv', splitBytes: 1_000_000 })).bytes);
    const parts = [...entries];
    expect(parts.map(([name]) => name)).toEqual(['Rows 1.csv', 'Rows 2.csv', 'Rows 3.csv', 'Rows 4.csv']);
    const lines = parts.flatMap(([, bytes]) => {
      const [head, ...rest] = bytes.toString().trimEnd().split('\n');
      expect(head).toBe('i,t');
      return rest;
    });
    expect(lines).toHaveLength(30_000);
    expect(lines.at(-1)).toMatch(/^30000,x/);
  });

  it('is an archive of several tables, of one moment, each row once', async () => {
    const names = ['parent', 'child', 'parted'].map(inPublic);
    const { bytes, end } = await exported(tables(odd, ...names), { format: 'csv', header: false });
    const entries = unzipped(bytes);
    expect([...entries.keys()]).toEqual([
      'odd _place.a_b.csv',
      'public.parent.csv',
      'public.child.csv',
      'public.parted.csv',
    ]);
    expect(['parent', 'child', 'parted'].map((name) => entries.get(`public.${name}.csv`)?.toString())).toEqual([
      '1\n',
      '2\n',
      '1\n',
    ]);
    expect(end.rows).toBe(7);
    expect(await textOf(tables(inPublic('parent')), { format: 'csv', header: false })).toBe('1\n2\n');
  });
});

describe('encodings', () => {
  it('are what other programs read', async () => {
    const text = 'Grüße, naïve €';
    const bytes = async (encoding: ExportChoices['encoding'], value = text) =>
      (await exported(query(`select '${value}' as t`), { format: 'tsv', header: false, encoding })).bytes;
    for (const encoding of ['windows-1252', 'utf-16le', 'utf-8-bom'] as const)
      expect(new TextDecoder(encoding.replace('-bom', '')).decode(await bytes(encoding)), encoding).toBe(`${text}\n`);
    for (const [encoding, value] of [
      ['shift_jis', '日本語ｶﾅ'],
      ['euc-kr', '한국어'],
    ] as const)
      expect(new TextDecoder(encoding).decode(await bytes(encoding, value)), encoding).toBe(`${value}\n`);
  });

  it('name the character that they do not have', async () => {
    const end = await outcome(
      await events(query(`select 'a€'`), { format: 'csv', encoding: 'iso-8859-2' }, path.join(folder, 'x')),
    );
    expect(end).toMatchObject({
      kind: 'failed',
      failure: { message: 'iso-8859-2 has no € (U+20AC). Choose UTF-8, or UTF-16.' },
    });
  });
});

describe('what cannot be', () => {
  const failure = async (
    source: ExportSource,
    choices: ExportChoices,
    target: string | null = path.join(folder, 'x'),
  ) => {
    try {
      const end = await outcome(await events(source, choices, target));
      return end.kind === 'failed' ? end.failure : end;
    } catch (thrown) {
      return (thrown as { failure?: unknown }).failure ?? thrown;
    }
  };

  it('is said with its table', async () => {
    expect(await failure(tables(inPublic('gone')), { format: 'csv' })).toMatchObject({
      kind: 'invalid',
      message: 'There is no table public.gone (any more).',
    });
    await server.query('create view broken as select 1 / (id - id) as x from parent');
    expect(await failure(tables(inPublic('child'), inPublic('broken')), { format: 'sql' })).toMatchObject({
      kind: 'postgres',
      sqlstate: '22012',
      message: 'public.broken: division by zero',
    });
  });

  it('is refused where marks contradict each other', async () => {
    expect(await failure(query('select 1'), { format: 'csv', delimiter: '"' })).toMatchObject({ field: 'delimiter' });
    expect(await failure(query('select 1'), { format: 'csv', nullText: 'a,b' })).toMatchObject({ field: 'nullText' });
    expect(await failure(query('select 1 as a'), { format: 'csv', forceQuote: ['b'] })).toMatchObject({
      field: 'forceQuote',
    });
  });

  it('goes to the clipboard as text, up to 16 MB', async () => {
    const end = await outcome(await events(query('select 1 as one'), { format: 'json' }, null));
    expect(end).toMatchObject({ kind: 'done', text: '[\n{"one":1}\n]\n' });
    expect(
      await failure(query(`select repeat('x', 1000) from generate_series(1, 20000)`), { format: 'csv' }, null),
    ).toMatchObject({
      field: 'target',
    });
    expect(await failure(query('select 1'), { format: 'xlsx' }, null)).toMatchObject({ field: 'format' });
  });
});
