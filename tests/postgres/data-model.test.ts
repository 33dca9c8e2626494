/**
 * Random sequences of edits, undo, redo, reverts, changes by others and saves against a plain model: no row and no column
 * changes that was not meant. 500 sequences; HOWDAH_EDIT_SEQUENCES=10000 for as many as one wishes.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeRelation } from '../../electron/features/data/relation.ts';
import { readPage } from '../../electron/features/data/rows.ts';
import { saveEdits } from '../../electron/features/data/save.ts';
import type { Source } from '../../electron/postgres/source.ts';
import type { RelationModel } from '../../shared/api/data.ts';
import {
  addRow,
  asText,
  deleteRow,
  duplicateOf,
  editsOf,
  nothingStaged,
  type ReadRow,
  redo,
  revertCell,
  revertRow,
  rowId,
  type Staged,
  type Steps,
  setCell,
  setNewCell,
  step,
  stepsFrom,
  undo,
} from '../../shared/edit/staged.ts';
import { fc } from '../fixtures/properties.ts';
import { startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

const sequences = Number(process.env.HOWDAH_EDIT_SEQUENCES ?? 500);
const rowCount = 5;
/** Keys of several types; the first columns are the key, the last three are edited. */
const tables = {
  by_number: "id int default nextval('s.ids') primary key",
  by_text: "id text default 'k' || nextval('s.ids') primary key",
  by_citext: "id citext default 'K' || nextval('s.ids') primary key",
  by_char: "id char(6) default 'c' || nextval('s.ids') primary key",
  by_float: "id float8 default nextval('s.ids') + 0.1 primary key",
  by_two: "id int default nextval('s.ids'), part bytea default '\\x00ff', primary key (id, part)",
};
type Name = keyof typeof tables;
const names = Object.keys(tables) as Name[];

let server: TestServer;
let world: World;
let source: Source;
const models = new Map<Name, RelationModel>();
beforeAll(async () => {
  server = await startServer(18);
  const made = names.map(
    (name) => `create table s.${name} (${tables[name]}, a text, b numeric(6,2), c text not null default 'd');`,
  );
  await server.query(`create extension citext; create schema s; create sequence s.ids; ${made.join('\n')}`);
  world = await openWorld(() => server.spec());
  source = await world.source();
  for (const name of names) {
    const [row] = await server.query<{ oid: number }>('select $1::regclass::oid as oid', [`s.${name}`]);
    models.set(name, await describeRelation(source, row?.oid ?? 0));
  }
});
afterAll(async () => {
  await world.close();
  await server.stop();
});

const texts = fc.constantFrom('', 'NULL', "it's", 'a\tb\nc', '\\', 'é😀', ' x ', '"q"', '$1');
const numbers = fc.constantFrom('0.00', '1.50', '-9.99', '1234.56');
const cell = fc.oneof(
  fc.record({ column: fc.constant('a' as const), value: fc.option(texts) }),
  fc.record({ column: fc.constant('b' as const), value: fc.option(numbers) }),
  fc.record({ column: fc.constant('c' as const), value: texts }),
);
const row = fc.nat(rowCount - 1);
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), row, cell }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('insert' as const), cells: fc.array(cell, { maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('setNew' as const), at: fc.nat(3), cell }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), row }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('duplicate' as const), row }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('redo' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revertRow' as const), row }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('revertCell' as const), row, column: fc.constantFrom('a', 'b', 'c') }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;
const elsewhere = fc.option(fc.record({ row, column: fc.constantFrom('a', 'c'), gone: fc.boolean() }), { freq: 3 });

/** What the rows shall be: nothing but plain values, written without looking at the program. */
interface Wish {
  readonly rows: readonly ({ a: string | null; b: string | null; c: string | null } | null)[];
  readonly added: readonly { a?: string | null; b?: string | null; c?: string | null }[];
}

test('only what was meant is changed', { timeout: 3_600_000 }, async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.array(action, { minLength: 1, maxLength: 14 }),
      elsewhere,
      async (name, actions, other) => {
        const model = models.get(name) as RelationModel;
        await server.query(
          `truncate s.${name}; insert into s.${name} (a, b, c) select nullif('t' || g, 't3'), nullif(g, 4), 'c' || g from generate_series(1, ${rowCount}) g`,
        );
        const page = await readPage(source, model, {
          query: { where: '', orderBy: '', search: '' },
          from: { kind: 'start' },
          count: 50,
        });
        const read: ReadRow[] = page.rows.map((cells, at) => ({ key: page.keys[at] ?? [], cells, cut: new Set() }));
        const at = (column: string) => model.columns.findIndex((each) => each.name === column);
        const number = (column: string) => model.columns[at(column)]?.number ?? 0;
        const first = read.map(({ cells }) => ({
          a: cells[at('a')] ?? null,
          b: cells[at('b')] ?? null,
          c: cells[at('c')] ?? null,
        }));

        let steps: Steps<Staged> = stepsFrom(nothingStaged);
        let wishes: { past: Wish[]; now: Wish; future: Wish[] } = {
          past: [],
          now: { rows: first, added: [] },
          future: [],
        };
        const ids: string[][] = [[]];
        let idsAt = 0;
        const go = (next: Staged, wish: Wish, added: string[]) => {
          if (next === steps.now) return;
          steps = step(steps, next);
          wishes = { past: [...wishes.past, wishes.now], now: wish, future: [] };
          ids.splice(idsAt + 1, ids.length, added);
          idsAt++;
        };
        for (const act of actions) {
          const wish = wishes.now;
          const added = ids[idsAt] ?? [];
          perform(act, { model, read, first, steps, wish, added, number, newId: () => `new:${++made}`, go });
          if (act.kind === 'undo' && steps.past.length > 0) {
            steps = undo(steps);
            wishes = {
              past: wishes.past.slice(0, -1),
              now: wishes.past.at(-1) as Wish,
              future: [wishes.now, ...wishes.future],
            };
            idsAt--;
          }
          if (act.kind === 'redo' && steps.future.length > 0) {
            steps = redo(steps);
            wishes = {
              past: [...wishes.past, wishes.now],
              now: wishes.future[0] as Wish,
              future: wishes.future.slice(1),
            };
            idsAt++;
          }
        }

        const touched = other && (await meddle(name, model, read, other));
        const before = await tableNow(name);
        const outcome = await saveEdits(source, model, editsOf(steps.now, model));
        const wished = wishes.now.rows[other?.row ?? 0];
        const initial = first[other?.row ?? 0];
        const column = other?.column as 'a' | 'c';
        const conflicts =
          touched === true &&
          (wished === null ||
            (other?.gone
              ? JSON.stringify(wished) !== JSON.stringify(initial)
              : wished?.[column] !== initial?.[column]));
        if (conflicts) {
          expect(outcome.kind).toBe('refused');
          expect(await tableNow(name)).toEqual(before);
          return;
        }
        expect(outcome).toMatchObject({ kind: 'saved' });
        expect((await tableNow(name)).map(({ r }) => r).sort()).toEqual(expected(read, wishes.now, before, other));
      },
    ),
    { numRuns: sequences, interruptAfterTimeLimit: 3_500_000 },
  );
});

interface Doing {
  readonly model: RelationModel;
  readonly read: readonly ReadRow[];
  readonly first: readonly Wish['rows'][number][];
  readonly steps: Steps<Staged>;
  readonly wish: Wish;
  readonly added: readonly string[];
  number(column: string): number;
  newId(): string;
  go(next: Staged, wish: Wish, added: string[]): void;
}

function perform(act: Action, doing: Doing): void {
  const { model, read, first, steps, wish, added, number, newId, go } = doing;
  const target = 'row' in act ? (read[act.row] as ReadRow) : null;
  const rowWish = 'row' in act ? wish.rows[act.row] : null;
  const withRow = (next: Wish['rows'][number]): Wish => ({
    ...wish,
    rows: 'row' in act ? wish.rows.with(act.row, next) : wish.rows,
  });
  switch (act.kind) {
    case 'set': {
      if (!target || !rowWish) return;
      const { column, value } = act.cell;
      go(setCell(steps.now, model, target, number(column), asText(value)), withRow({ ...rowWish, [column]: value }), [
        ...added,
      ]);
      return;
    }
    case 'delete':
      if (target && rowWish) go(deleteRow(steps.now, target), withRow(null), [...added]);
      return;
    case 'revertRow':
      if (target) go(revertRow(steps.now, rowId(target.key)), withRow(first[act.row] ?? null), [...added]);
      return;
    case 'revertCell': {
      const column = act.column as 'a' | 'b' | 'c';
      if (target && rowWish)
        go(
          revertCell(steps.now, rowId(target.key), number(column)),
          withRow({ ...rowWish, [column]: first[act.row]?.[column] ?? null }),
          [...added],
        );
      return;
    }
    case 'insert': {
      const values = Object.fromEntries(act.cells.map(({ column, value }) => [column, value]));
      const changes = new Map(Object.entries(values).map(([column, value]) => [number(column), asText(value)]));
      const id = newId();
      go(addRow(steps.now, id, changes), { ...wish, added: [...wish.added, values] }, [...added, id]);
      return;
    }
    case 'setNew': {
      const id = added[act.at];
      const { column, value } = act.cell;
      if (id !== undefined)
        go(
          setNewCell(steps.now, id, number(column), asText(value)),
          { ...wish, added: wish.added.with(act.at, { ...wish.added[act.at], [column]: value }) },
          [...added],
        );
      return;
    }
    case 'duplicate': {
      const id = newId();
      // The second part of a key of two has a default, but is copied: the first is what the server makes anew by hand here.
      if (!target || (model.key?.columns.length ?? 0) > 1) return;
      const changes = duplicateOf(model, target.cells, new Set());
      go(addRow(steps.now, id, changes), { ...wish, added: [...wish.added, { ...first[act.row] }] }, [...added, id]);
      return;
    }
    default:
  }
}

/** Another session changes or deletes a row between reading and saving. */
async function meddle(
  name: Name,
  model: RelationModel,
  read: readonly ReadRow[],
  { row: at, column, gone }: { row: number; column: string; gone: boolean },
): Promise<boolean> {
  const key = read[at]?.key[0];
  const keyName = model.columns.find(({ number }) => number === model.key?.columns[0])?.name;
  const words = gone ? `delete from s.${name}` : `update s.${name} set ${column} = 'by another'`;
  await server.query(`${words} where ${keyName} = $1`, [key]);
  return true;
}

/** Without keys of new rows, which the server makes. */
const tableNow = async (name: Name): Promise<{ r: string }[]> =>
  server.query<{ r: string }>(
    `select json_build_array(format('%s', id), a, b::text, c)::text as r from s.${name} order by 1`,
  );

function expected(
  read: readonly ReadRow[],
  wish: Wish,
  before: readonly { r: string }[],
  other: { row: number; column: string; gone: boolean } | null,
): unknown {
  const kept = read.flatMap((one, at) => {
    const now = wish.rows[at];
    const meddled = other?.row === at;
    if (!now || (meddled && other.gone)) return [];
    const seen = { ...now, ...(meddled ? { [other.column]: 'by another' } : {}) };
    return [[one.key[0], seen.a, seen.b, seen.c]];
  });
  const ids = new Set(kept.map(([id]) => id));
  void before;
  const wanted = wish.added.map(({ a = null, b = null, c }) => [a, b, c === undefined ? 'd' : c]);
  return {
    asymmetricMatch(rows: string[]): boolean {
      const parsed = rows.map((text) => JSON.parse(text) as (string | null)[]);
      const stored = parsed.filter(([id]) => ids.has(id ?? undefined)).map((one) => JSON.stringify(one));
      const fresh = parsed.filter(([id]) => !ids.has(id ?? undefined)).map(([, ...rest]) => JSON.stringify(rest));
      return (
        stored.sort().join('\n') ===
          kept
            .map((one) => JSON.stringify(one))
            .sort()
            .join('\n') &&
        fresh.sort().join('\n') ===
          wanted
            .map((one) => JSON.stringify(one))
            .sort()
            .join('\n')
      );
    },
    toString: () => `rows ${JSON.stringify(kept)} and new ${JSON.stringify(wanted)}`,
  };
}
