/** Every value of every type: shown, copied and exported as the server itself writes it, whatever the settings. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CellRange } from '../../shared/api/results.ts';
import type { CopyFormat } from '../../shared/rows/row-words.ts';
import {
  asked,
  type Cell,
  cellsOfClipboard,
  cellsOfCopy,
  copied,
  differences,
  type FidelityWorld,
  openFidelityWorld,
  type Shown,
} from './fidelity-world.ts';
import type { Major } from './servers.ts';

const canonical =
  "set datestyle = 'ISO, MDY'; set timezone = 'UTC'; set intervalstyle = 'postgres'; set extra_float_digits = 1";
const settings = [
  canonical,
  "set datestyle = 'SQL, DMY'; set timezone = 'America/Chicago'; set intervalstyle = 'iso_8601'; set extra_float_digits = 3",
  "set datestyle = 'German'; set timezone = 'Asia/Kolkata'; set intervalstyle = 'sql_standard'; set extra_float_digits = 0; set bytea_output = 'escape'",
  "set datestyle = 'Postgres'; set timezone = 'Australia/Lord_Howe'; set intervalstyle = 'postgres_verbose'; set extra_float_digits = -15; set xmloption = 'document'",
];
const everything = 'select * from public.every_type order by id';

/** A value in pieces, as the viewer asks for it, decoded only when whole. */
async function wholeValue(world: FidelityWorld, resultId: string, row: number, column: number): Promise<string> {
  const pieces: Buffer[] = [];
  for (let offsetBytes: number | null = 0; offsetBytes !== null; ) {
    const request = { resultId, row, column, offsetBytes, lengthBytes: 8191, base64: true };
    const piece = await world.client.results.value(request);
    pieces.push(Buffer.from(piece.text, 'base64'));
    offsetBytes = piece.nextOffsetBytes;
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** As above, of pieces that are text each. */
async function wholeText(world: FidelityWorld, resultId: string, row: number, column: number): Promise<string> {
  let text = '';
  for (let offsetBytes: number | null = 0; offsetBytes !== null; ) {
    const piece = await world.client.results.value({ resultId, row, column, offsetBytes, lengthBytes: 8191 });
    text += piece.text;
    offsetBytes = piece.nextOffsetBytes;
  }
  return text;
}

/** Windows of three rows; where a cell came cut, it is a beginning of the value, which is then fetched whole. */
async function shownCells(world: FidelityWorld, shown: Shown, maxCellBytes: number): Promise<Cell[][]> {
  const cells: Cell[][] = [];
  const { resultId } = shown;
  for (let from = 0; from < shown.rowCount; from += 3) {
    const window = await world.client.results.rows({ resultId, from, count: 3, maxCellBytes });
    expect(window.invalidText).toEqual([]);
    const rows = window.rows.map((row) => [...row]);
    for (const [offset, column, sizeBytes] of window.cut) {
      const whole = await wholeValue(world, resultId, from + offset, column);
      expect(Buffer.byteLength(whole)).toBe(sizeBytes);
      expect(whole.startsWith(rows[offset]?.[column] ?? 'nothing')).toBe(true);
      expect(await wholeText(world, resultId, from + offset, column)).toBe(whole);
      (rows[offset] as Cell[])[column] = whole;
    }
    cells.push(...rows);
  }
  return cells;
}

const copy = async (world: FidelityWorld, { resultId, columns, rowCount }: Shown, format: CopyFormat) => {
  const ranges: CellRange[] = [{ fromRow: 0, toRow: rowCount - 1, columns: columns.map((_, column) => column) }];
  return (await world.client.results.copy({ resultId, ranges, format, header: true })).text;
};

interface Member {
  readonly row: number;
  readonly key: string;
  readonly kind: string;
  readonly raw: string;
  readonly text: Cell;
}

/** JSON as the server's json type reads it: that one keeps the text of every number and every nested document. */
async function cellsOfJson(world: FidelityWorld, json: string, columns: Shown['columns']): Promise<Cell[][]> {
  const members = await world.server.query<Member>(
    `select (n - 1)::int as row, key, json_typeof(value) as kind, value::text as raw, value #>> '{}' as text
     from json_array_elements($1::json) with ordinality as e(document, n), json_each(document) order by n`,
    [json],
  );
  const cells: Cell[][] = [];
  const places = new Map(columns.map(({ name }, column) => [name, column]));
  for (const { row, key, kind, raw, text } of members) {
    const column = places.get(key) as number;
    const { typeName } = columns[column] as Shown['columns'][number];
    const isDocument = typeName === 'json' || typeName === 'jsonb';
    cells[row] ??= [];
    (cells[row] as Cell[])[column] =
      kind === 'null' && !isDocument
        ? null
        : isDocument
          ? raw
          : kind === 'boolean'
            ? (text as string).slice(0, 1)
            : text;
  }
  return cells;
}

/** In JSON an absent value and the document `null` are the same word. */
const asJson = (cells: readonly Cell[][], columns: Shown['columns'], oneLine: boolean): Cell[][] =>
  cells.map((row) =>
    row.map((cell, column) => {
      if (!/^jsonb?$/.test(columns[column]?.typeName ?? '')) return cell;
      return cell === null ? 'null' : oneLine ? cell.replace(/[\r\n]/g, ' ') : cell;
    }),
  );

interface Back {
  /** An SQLSTATE, or `well`. */
  readonly said: string;
  readonly cells: Cell[][];
}

/** A row, or some cells of it, through INSERT and through the server's own COPY, read back under the same settings. */
async function readBack(world: FidelityWorld, shown: Shown, under: string, row: number, chosen: readonly number[]) {
  const { server, client } = world;
  const { resultId, columns } = shown;
  const names = chosen.map((column) => `"${columns[column]?.name}"`).join(', ');
  const outcomeOf = async (sql: string): Promise<Back> => {
    await server.query('truncate public.back');
    const said = await asked(server, under, sql).then(
      () => 'well',
      (thrown: { code: string }) => thrown.code,
    );
    if (said !== 'well') return { said, cells: [] };
    const cells = await copied(server, `select ${names} from public.back`, 'format text', canonical);
    return { said, cells: cellsOfCopy(cells) };
  };
  const ranges = [{ fromRow: row, toRow: row, columns: [...chosen] }];
  const tableName = 'public.back';
  const { text } = await client.results.copy({ resultId, ranges, format: 'insert', header: true, tableName });
  const file = `${server.socketFolder}/one-row`;
  await asked(
    server,
    under,
    `copy (select ${names} from public.every_type order by id offset ${row} limit 1) to '${file}'`,
  );
  return { ours: await outcomeOf(text), theirs: await outcomeOf(`copy public.back (${names}) from '${file}'`) };
}

/** Where INSERT fares otherwise than the server's COPY does. What settings lose (digits, a zone's name) both lose. */
async function unlikeCopy(world: FidelityWorld, shown: Shown, under: string, row: number): Promise<string[]> {
  const names = shown.columns.map(({ name }) => name);
  const all = names.map((_, column) => column);
  const { ours, theirs } = await readBack(world, shown, under, row, all);
  if (ours.said === 'well' && theirs.said === 'well') return differences(ours.cells, theirs.cells, names);
  // Which of several bad cells is complained of first is not the same; cell by cell it is.
  const found: string[] = [];
  for (const column of all) {
    const alone = await readBack(world, shown, under, row, [column]);
    const name = names[column] as string;
    if (alone.ours.said === alone.theirs.said) found.push(...differences(alone.ours.cells, alone.theirs.cells, [name]));
    else found.push(`row ${row + 1}, ${name}: ${alone.ours.said} is not ${alone.theirs.said}`);
  }
  return found;
}

describe.each<Major>([18, 16, 13])('on PostgreSQL %i', (major) => {
  let world: FidelityWorld;
  beforeAll(async () => {
    world = await openFidelityWorld(major);
    await world.server.query(
      'create table public.back (like public.every_type); alter table public.back alter id drop not null, alter label drop not null',
    );
  });
  afterAll(() => world?.close());

  describe.each(settings)('under %s', (under) => {
    let connectionId: string;
    let shown: Shown;
    let names: string[];
    /** The server's own text of every value. */
    let told: Cell[][];
    beforeAll(async () => {
      connectionId = await world.connect(under);
      shown = await world.run(connectionId, everything);
      names = shown.columns.map(({ name }) => name);
      told = cellsOfCopy(await copied(world.server, everything, 'format text', under));
      expect(names.length).toBeGreaterThan(100);
      expect(told.length).toBeGreaterThan(10);
    });

    it('the server’s two ways of writing a value agree, so that either can be the measure', async () => {
      // Casts of these to text are not their text form: true, without padding, with a /32, with an XML declaration.
      const other = new Set(['boolean', 'character(5)', 'inet', 'xml']);
      const asText = shown.columns.map(({ name, typeName }) =>
        other.has(typeName) ? `case when "${name}" is not null then format('%s', "${name}") end` : `"${name}"::text`,
      );
      const [row] = await asked<{ cells: number }>(
        world.server,
        under,
        'select count(*)::int as cells from every_type',
      );
      expect(row?.cells).toBe(told.length);
      const sql = `select array[${asText.join(',')}] as cells from public.every_type order by id`;
      const rows = await asked<{ cells: Cell[] }>(world.server, under, sql);
      expect(
        differences(
          rows.map(({ cells }) => cells),
          told,
          names,
        ),
      ).toEqual([]);
    });

    it('is shown as it is, in windows and, where a cell is cut, whole', async () => {
      expect(differences(await shownCells(world, shown, 2000), told, names)).toEqual([]);
      expect(differences(await shownCells(world, shown, 16), told, names)).toEqual([]);
    });

    it('is copied as it is', async () => {
      expect(differences(cellsOfClipboard(await copy(world, shown, 'tsv')).slice(1), told, names)).toEqual([]);
      const csv = await copied(world.server, everything, 'format csv, header', under);
      expect((await copy(world, shown, 'csv')) === csv.toString('utf8')).toBe(true);
      const json = await cellsOfJson(world, await copy(world, shown, 'json'), shown.columns);
      expect(differences(json, asJson(told, shown.columns, false), names)).toEqual([]);
    });

    it('goes back by INSERT as well as by the server’s own COPY', async () => {
      const unlike: string[] = [];
      for (const row of told.keys()) unlike.push(...(await unlikeCopy(world, shown, under, row)));
      expect(unlike).toEqual([]);
    });

    it.runIf(under === canonical)('goes back by INSERT unchanged', async () => {
      await world.server.query('truncate public.back');
      const ranges = [{ fromRow: 0, toRow: told.length - 1, columns: names.map((_, column) => column) }];
      const request = { ranges, format: 'insert', header: true, tableName: 'public.back' } as const;
      const { text } = await world.client.results.copy({ resultId: shown.resultId, ...request });
      await asked(world.server, under, text);
      const back = await copied(world.server, everything.replace('every_type', 'back'), 'format text', under);
      expect(differences(cellsOfCopy(back), told, names)).toEqual([]);
    });

    it('is exported as it is, from the result and from the query', async () => {
      const csv = await copied(world.server, everything, 'format csv, header', under);
      // Since 15 COPY writes a header in its text format, too; before that, it is put there.
      const rows = await copied(world.server, everything, 'format text', under);
      const tsv = Buffer.concat([Buffer.from(`${names.join('\t')}\n`), rows]);
      for (const of of [{ resultId: shown.resultId }, { connectionId, sql: everything }]) {
        expect((await world.exported(of, 'csv')).equals(csv)).toBe(true);
        expect((await world.exported(of, 'tsv')).equals(tsv)).toBe(true);
        const json = await cellsOfJson(world, (await world.exported(of, 'json')).toString('utf8'), shown.columns);
        expect(differences(json, asJson(told, shown.columns, false), names)).toEqual([]);
        const lines = (await world.exported(of, 'ndjson')).toString('utf8').trimEnd().split('\n');
        expect(lines.length).toBe(told.length);
        const documents = await cellsOfJson(world, `[${lines.join(',')}]`, shown.columns);
        expect(differences(documents, asJson(told, shown.columns, true), names)).toEqual([]);
      }
    });
  });

  it('an INSERT keeps the sign of a zero and reads backslashes alike, whatever strings conform to', async () => {
    const { server, client } = world;
    await server.query('create table public.signs (big float8, small float4, exact numeric, said text)');
    const sql = `select '-0'::float8 as big, '-0'::float4 as small, '-0.00'::numeric as exact, E'\\\\n \\'' as said
      union all select '-1e-320', '-1e-45', -0.5, 'plain'`;
    const { resultId } = await world.run(await world.connect(canonical), sql);
    const ranges = [{ fromRow: 0, toRow: 1, columns: [0, 1, 2, 3] }];
    const request = { resultId, ranges, format: 'insert', header: true, tableName: 'public.signs' } as const;
    const { text } = await client.results.copy(request);
    const wanted = cellsOfCopy(await copied(server, sql, 'format text', canonical));
    for (const conforming of ['on', 'off']) {
      await server.query('truncate public.signs');
      await asked(server, `set standard_conforming_strings = ${conforming}`, text);
      const back = cellsOfCopy(await copied(server, 'select * from public.signs', 'format text', canonical));
      expect(back).toEqual(wanted);
    }
  });
});
