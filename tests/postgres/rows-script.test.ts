/** Rows as INSERT statements: applied to empty tables they are the same rows, whatever refers to whatever. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  insertScript,
  type ScriptReference,
  type ScriptRow,
  type ScriptTable,
} from '../../shared/row-graph/rows-script.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { startServer, type TestServer } from './servers.ts';

let server: TestServer;
let source: PgSource;
beforeAll(async () => {
  server = await startServer(15);
  source = await pgSource(server);
});
afterAll(async () => {
  await source?.close();
  await server?.stop();
});

const column = (number: number, name: string, more: Partial<ScriptTable['columns'][number]> = {}) => ({
  number,
  name,
  notNull: false,
  generated: 'no' as const,
  identity: 'no' as const,
  ...more,
});
const schema = `
  create schema g;
  create table g.boss (id int generated always as identity primary key, name text, team int, twice text generated always as (name || name) stored);
  create table g.team (id int primary key, "Lead" int not null references g.boss deferrable);
  alter table g.boss add foreign key (team) references g.team;
  create table g.node (id int primary key, next int references g.node, data bytea, tags text[], note text);`;
const boss: ScriptTable = {
  schema: 'g',
  name: 'boss',
  columns: [
    column(1, 'id', { notNull: true, identity: 'always' }),
    column(2, 'name'),
    column(3, 'team'),
    column(4, 'twice', { generated: 'stored' }),
  ],
  key: [1],
};
const team: ScriptTable = {
  schema: 'g',
  name: 'team',
  columns: [column(1, 'id', { notNull: true }), column(2, 'Lead', { notNull: true })],
  key: [1],
};
const node: ScriptTable = {
  schema: 'g',
  name: 'node',
  columns: [
    column(1, 'id', { notNull: true }),
    column(2, 'next'),
    column(3, 'data'),
    column(4, 'tags'),
    column(5, 'note'),
  ],
  key: [1],
};
const row = (table: ScriptTable, ...cells: (string | null)[]): ScriptRow => ({
  id: `${table.name} ${cells[0]}`,
  table,
  cells,
});
const refers = (from: string, to: string, ...columns: number[]): ScriptReference => ({ from, to, columns });

async function applied(script: string): Promise<unknown> {
  await source.client.query(`drop schema if exists g cascade; ${schema}`);
  await source.client.query(script);
  const read = async (table: string) => (await source.client.query(`select * from g.${table} order by id`)).rows;
  return { boss: await read('boss'), team: await read('team'), node: await read('node') };
}

test('what is referred to comes first, and a circle is closed by an UPDATE', async () => {
  const rows = [
    row(team, '1', '7'),
    row(boss, '7', "O'Hara", '1', 'ignored'),
    row(boss, '8', null, '1', null),
    row(node, '1', '2', '\\x00ff', '{a,"b c",NULL}', 'line\nand \\ back'),
    row(node, '2', '3', null, null, null),
    row(node, '3', '1', null, null, '-- no comment'),
    row(node, '4', '4', null, null, null),
  ];
  const references = [
    refers('team 1', 'boss 7', 2),
    refers('boss 7', 'team 1', 3),
    refers('boss 8', 'team 1', 3),
    refers('node 1', 'node 2', 2),
    refers('node 2', 'node 3', 2),
    refers('node 3', 'node 1', 2),
    refers('node 4', 'node 4', 2),
  ];
  for (const order of [rows, rows.toReversed()]) {
    const script = insertScript(order, references);
    expect(script).not.toContain('DEFERRED');
    expect(await applied(script)).toEqual({
      boss: [
        { id: 7, name: "O'Hara", team: 1, twice: "O'HaraO'Hara" },
        { id: 8, name: null, team: 1, twice: null },
      ],
      team: [{ id: 1, Lead: 7 }],
      node: [
        { id: 1, next: 2, data: Buffer.from([0, 255]), tags: ['a', 'b c', null], note: 'line\nand \\ back' },
        { id: 2, next: 3, data: null, tags: null, note: null },
        { id: 3, next: 1, data: null, tags: null, note: '-- no comment' },
        { id: 4, next: 4, data: null, tags: null, note: null },
      ],
    });
  }
});

test('a circle in which nothing may be empty defers the constraints, and says so', async () => {
  const strict: ScriptTable = { ...boss, columns: boss.columns.map((each) => ({ ...each, notNull: true })) };
  const script = insertScript(
    [row(team, '1', '7'), row(strict, '7', 'x', '1', null)],
    [refers('team 1', 'boss 7', 2), refers('boss 7', 'team 1', 3)],
  );
  expect(script).toContain('SET CONSTRAINTS ALL DEFERRED;');
  expect(script.match(/INSERT/g)).toHaveLength(2);
});
