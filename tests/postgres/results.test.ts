/** Windows, orders and sums of results, against what the server itself says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openResultsWorld, type ResultsWorld } from './results-world.ts';
import { startServer, type TestServer } from './servers.ts';
import { only, requestOf } from './session-world.ts';

let server: TestServer;
let world: ResultsWorld;
beforeAll(async () => {
  server = await startServer(17);
  world = await openResultsWorld(() => server.spec());
});
afterAll(async () => {
  await world?.close();
  await server?.stop();
});

describe('windows', () => {
  it('are right while the rows still stream', async () => {
    const session = await world.session();
    const sql = `select i, 'row ' || i, repeat('x', i % 50) from generate_series(0, 399999) i`;
    let [resultId, checked] = ['', 0];
    for await (const event of session.run(requestOf([sql]))) {
      if (event.kind === 'result') resultId = event.resultId;
      if (event.kind !== 'progress' || event.rows < 1) continue;
      for (const from of [0, Math.floor(event.rows / 2), Math.max(0, event.rows - 200)]) {
        const { rows } = await world.results.rows({ resultId }, from, 200);
        expect(rows.length).toBeGreaterThan(0);
        rows.forEach((row, offset) => {
          const i = from + offset;
          expect(row).toEqual([String(i), `row ${i}`, 'x'.repeat(i % 50)]);
        });
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(3);
    expect((await world.results.rows({ resultId }, 399_999, 10)).rows).toEqual([
      ['399999', 'row 399999', 'x'.repeat(49)],
    ]);
    await session.close();
    await world.results.closeResult(resultId);
    expect(() => world.results.rows({ resultId }, 0, 1)).toThrow('not there any more');
  });

  it('show a view of what had come when it was asked for', async () => {
    const session = await world.session();
    const events = session.run(requestOf(['select i from generate_series(1, 2000000) i']));
    let seen = 0;
    for await (const event of events) {
      if (event.kind !== 'progress' || event.rows === 0 || seen > 0) continue;
      const { viewId, rowCount } = await world.results.view(event.resultId, {
        sort: [{ column: 0, descending: true }],
        filters: [],
      });
      seen = rowCount;
      const { rows } = await world.results.rows({ resultId: event.resultId, viewId }, 0, 2);
      expect(rows).toEqual([[String(rowCount)], [String(rowCount - 1)]]);
    }
    expect(seen).toBeGreaterThan(0);
    await session.close();
  });
});

describe('the order of fetched rows is the server’s', () => {
  const types: Record<string, string> = {
    int8: `(random() * 9e18)::int8 * (case when i % 2 = 0 then 1 else -1 end)`,
    numeric: `case i % 7 when 0 then 'NaN' when 1 then 'Infinity' else round((random() * 100)::numeric, i % 25)::text end::numeric`,
    float8: `case i % 11 when 0 then 'NaN' when 1 then '-Infinity' else (random() * 10 ^ (i % 600 - 300))::text end::float8`,
    date: `case i % 20 when 0 then 'infinity' when 1 then '-infinity' else ('4000-01-01 BC'::date + (random() * 3000000)::int)::text end::date`,
    timestamp: `'0500-01-01 BC'::timestamp + random() * interval '4000 years'`,
    timestamptz: `'2020-01-01'::timestamptz + random() * interval '4 years'`,
    time: `'00:00'::time + random() * interval '24 hours'`,
    timetz: `(('00:00'::time + round(random() * 47) * interval '30 min')::text || (case when i % 2 = 0 then '+' else '-' end) || lpad((i % 13)::text, 2, '0'))::timetz`,
    interval: `make_interval(months => (random() * 20 - 10)::int, days => (random() * 600 - 300)::int, secs => random() * 86400)`,
    text: `(select string_agg(chr((array[65, 97, 228, 8364, 128512, 32])[1 + (random() * 5)::int]), '') from generate_series(1, i % 12)) collate "C"`,
    uuid: `gen_random_uuid()`,
    bool: `random() < 0.5`,
    bytea: `decode(md5((i % 1000)::text), 'hex')`,
    money: `((random() - 0.5) * 100000)::numeric::money`,
    pg_lsn: `('0/0'::pg_lsn + (random() * 1e15)::int8)`,
    bit: `(i % 256)::bit(8)`,
  };
  for (const [type, value] of Object.entries(types)) {
    for (const direction of ['asc', 'desc']) {
      it(`for ${type} ${direction}`, async () => {
        const table = `sorted_${type}`;
        await server.query(
          `select setseed(0.5); create table if not exists ${table} as select i, case when i % 13 = 0 then null else ${value} end as v from generate_series(1, 3000) i`,
        );
        const resultId = await world.fetch(`select i, v from ${table} order by i`);
        const { viewId, notes } = await world.results.view(resultId, {
          sort: [{ column: 1, descending: direction === 'desc' }],
          filters: [],
        });
        const { rows } = await world.results.rows({ resultId, viewId }, 0, 5000);
        const wanted = await server.query(
          `select i::text, ${type === 'bool' ? 'left(v::text, 1)' : 'v::text'} as v from ${table} order by ${table}.v ${direction}, ${table}.i`,
        );
        const differing = wanted.findIndex((row, place) => row.i !== rows[place]?.[0] || row.v !== rows[place]?.[1]);
        expect({ place: differing, got: rows[differing], wanted: wanted[differing] }).toEqual({ place: -1 });
        expect(rows.length).toBe(wanted.length);
        expect(notes.filter((note) => !note.includes('COLLATE'))).toEqual([]);
      });
    }
  }
});

describe('sums and averages are the server’s', () => {
  const values: Record<string, string> = {
    int4: `(random() * 1000000)::int4`,
    int8: `(random() * 9e18)::int8`,
    'numeric(20,5)': `(random() * 1e12)::numeric(20,5)`,
    'long numeric': `(random()::numeric(20, 17)::text || (random() * 1e15)::int8::text)::numeric * (case when i % 2 = 0 then -1 else 1 end)`,
    'small numeric': `(random() / 1e10)::numeric`,
    'large numeric': `(random() * 1e30)::numeric(40, 3)`,
    same: `10000::numeric`,
    zero: `0.000`,
  };
  for (const [name, value] of Object.entries(values)) {
    it(`for ${name}`, async () => {
      for (const count of [1, 3, 7, 1000]) {
        const table = `added_${name.replace(/\W/g, '_')}_${count}`;
        await server.query(
          `select setseed(0.5); create table ${table} as select ${value} as v from generate_series(1, ${count}) i`,
        );
        const resultId = await world.fetch(`select v from ${table}`);
        const got = await world.results.aggregate({ resultId }, [{ fromRow: 0, toRow: count, columns: [0] }]);
        const [wanted] = await server.query(
          `select sum(v)::text as sum, avg(v)::text as average, min(v)::text, max(v)::text, count(distinct v::text)::int as distinct from ${table}`,
        );
        expect(got).toMatchObject({ ...wanted, cells: count, nulls: 0, numbers: count });
      }
    });
  }
});

describe('what is copied', () => {
  it('as INSERT is inserted unchanged, also without standard_conforming_strings', async () => {
    await server.query(`create table origin (id int, t text, j jsonb, b bytea, a text[], n numeric, f float8, o bool, at timestamptz);
      insert into origin values (1, E'it''s \\\\ "x"\\n', '{"a": [1, "\\\\u00e9"]}', '\\x00ff5c27', array['a''b', '\\', null], 'NaN', '-Infinity', true, now()),
        (2, null, null, null, null, null, null, null, null), (3, '', 'null', '', '{}', 1e40, 1e-300, false, '-infinity')`);
    const resultId = await world.fetch('select * from origin order by id');
    const columns = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    const { text } = await world.results.copy(
      { resultId },
      { ranges: [{ fromRow: 0, toRow: 2, columns }], format: 'insert', header: true, tableName: 'public.target' },
    );
    for (const setting of ['on', 'off']) {
      await server.query(
        `drop table if exists target; create table target (like origin); set standard_conforming_strings = ${setting};
         set backslash_quote = off; set escape_string_warning = off`,
      );
      await server.query(`set standard_conforming_strings = ${setting}; ${text}; reset standard_conforming_strings`);
      const [same] = await server.query(
        `select count(*)::int as n from target t join origin o using (id) where row(t.*)::text = row(o.*)::text`,
      );
      expect(same).toEqual({ n: 3 });
    }
  });
});

describe('invalid bytes', () => {
  it('are shown, said and exported as they are', async () => {
    await server.query(`create database raw encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0`);
    const raw = await openResultsWorld(() => server.spec({ database: 'raw' }));
    try {
      const session = await raw.session();
      const events = [];
      for await (const event of session.run(
        requestOf([
          `select convert_from('\\x61ff62', 'SQL_ASCII') as t, set_config('client_encoding', 'SQL_ASCII', false)`,
        ]),
      ))
        events.push(event);
      const { resultId } = only(events, 'result');
      const window = await raw.results.rows({ resultId }, 0, 1);
      expect(window).toMatchObject({ rows: [['a\ufffdb', 'SQL_ASCII']], invalidText: [[0, 0]] });
      const piece = await raw.results.value(
        { resultId },
        { row: 0, column: 0, offsetBytes: 0, lengthBytes: 10, base64: true },
      );
      expect(Buffer.from(piece.text, 'base64')).toEqual(Buffer.from([0x61, 0xff, 0x62]));
      await session.close();
    } finally {
      await raw.close();
    }
  });
});
