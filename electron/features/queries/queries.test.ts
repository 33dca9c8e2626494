import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SavedQueries } from '../../../shared/api/queries.ts';
import { procedures } from '../../procedures.ts';
import { openStore } from '../../store/open.ts';
import { createQueryStore } from '../../store/queries.ts';
import { createQueries } from './queries.ts';

let folder = '';
let files = '';
let store: ReturnType<typeof openStore>;
let made: ReturnType<typeof createQueries>;
const control = new AbortController();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'howdah-test-'));
  files = path.join(folder, 'files');
  mkdirSync(files);
  store = openStore(folder);
});
afterEach(() => {
  made?.close();
  store.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const log = { info: () => {}, warn: () => {}, error: () => {} };
function open(withFiles = true) {
  made = createQueries({ store: createQueryStore(store.db), log, ...(withFiles ? { folder: files } : {}) });
  return createRouterClient(procedures.queries.router(made.procedures), {
    context: { role: 'operator', clientId: 'test' },
  });
}
type Client = ReturnType<typeof open>;
const shown = ({ queries }: SavedQueries) => queries.map(({ group, name }) => `${group}/${name}`);
const save = async (client: Client, name: string, text: string, where = '') => {
  const answer = await client.save({ group: where, name, text, connectionId: null, basedOn: null });
  if (answer.kind !== 'saved') throw new Error('a conflict');
  return answer.query;
};
const list = async (client: Client) => {
  for await (const now of await client.watch()) return now;
  throw new Error('nothing came');
};
/** Waits for a list that is as wanted. */
async function until(client: Client, fits: (now: SavedQueries) => boolean): Promise<SavedQueries> {
  for await (const now of await client.watch(undefined, { signal: control.signal })) if (fits(now)) return now;
  throw new Error('it ended');
}

test('saved, opened, renamed, moved, found, removed and brought back, without files', async () => {
  const client = open(false);
  const query = await save(client, 'Daily orders', 'select 1 as orders', 'Reports/Daily');
  expect((await client.get({ id: query.id })).text).toBe('select 1 as orders');
  const again = await client.save({ ...query, text: 'select 2', basedOn: query.digest });
  expect(again.kind).toBe('saved');
  await client.move({ id: query.id, group: '', name: 'Orders' });
  await client.moveFolder({ from: 'Reports', to: 'X' });
  expect(shown(await list(client))).toEqual(['/Orders']);
  expect(await client.search({ text: 'SELECT 2' })).toEqual({ ids: [query.id] });
  await client.remove({ ids: [query.id] });
  expect(shown(await list(client))).toEqual([]);
  await client.restore({ ids: [query.id] });
  expect(shown(await list(client))).toEqual(['/Orders']);
});

test('names that are no files are refused, and so is one that is taken', async () => {
  const client = open(false);
  await save(client, 'a', '1');
  for (const name of ['../a', 'a/b', '.git', 'con', 'a.', 'x\u0000', 'a'])
    await expect(save(client, name, '2')).rejects.toMatchObject({ code: 'invalid' });
  await expect(save(client, 'b', '2', '../up')).rejects.toMatchObject({ code: 'invalid' });
});

test('what another has saved meanwhile is not written over', async () => {
  const client = open(false);
  const query = await save(client, 'a', 'first');
  await client.save({ ...query, text: 'theirs', basedOn: query.digest });
  const refused = await client.save({ ...query, text: 'mine', basedOn: query.digest });
  if (refused.kind !== 'conflict') throw new Error('no conflict');
  expect(refused.theirs).toBe('theirs');
  const over = await client.save({ ...query, text: 'mine', basedOn: refused.digest });
  expect(over.kind).toBe('saved');
});

test('they are files as well, in both directions', async () => {
  writeFileSync(path.join(files, 'outside.sql'), 'select 1');
  mkdirSync(path.join(files, '.git'));
  writeFileSync(path.join(files, '.git', 'not.sql'), 'select 2');
  const client = open();
  await until(client, (now) => shown(now).includes('/outside'));
  const query = await save(client, 'ours', 'select 3', 'a/b');
  expect(readFileSync(path.join(files, 'a', 'b', 'ours.sql'), 'utf8')).toBe('select 3');
  await client.move({ id: query.id, group: 'c', name: 'moved' });
  expect(readdirSync(files).sort()).toEqual(['.git', 'c', 'outside.sql']);
  await client.remove({ ids: [query.id] });
  expect(readdirSync(files).sort()).toEqual(['.git', 'outside.sql']);
  await client.restore({ ids: [query.id] });
  expect(readFileSync(path.join(files, 'c', 'moved.sql'), 'utf8')).toBe('select 3');
});

test('a change outside is seen, told of at a save, and never written over', async () => {
  const client = open();
  const query = await save(client, 'shared', 'mine 1');
  const file = path.join(files, 'shared.sql');
  const seen = until(client, (now) => now.queries.some(({ digest }) => digest !== query.digest));
  writeFileSync(file, 'theirs');
  await seen;
  expect((await client.get({ id: query.id })).text).toBe('theirs');
  const refused = await client.save({ ...query, text: 'mine 2', basedOn: query.digest });
  expect(refused).toMatchObject({ kind: 'conflict', theirs: 'theirs' });
  expect(readFileSync(file, 'utf8')).toBe('theirs');
  // Not even one that the watcher has not told of yet.
  writeFileSync(file, 'theirs again');
  const stale = await client.save({ ...query, text: 'mine 3', basedOn: (refused as { digest: string }).digest });
  expect(stale).toMatchObject({ kind: 'conflict', theirs: 'theirs again' });
  rmSync(file);
  await until(client, (now) => shown(now).length === 0);
});

test('a library that meets a folder keeps both texts of one name', async () => {
  const before = open(false);
  await save(before, 'same', 'in the library');
  await save(before, 'only here', 'x');
  writeFileSync(path.join(files, 'same.sql'), 'in the folder');
  const client = open();
  expect(shown(await list(client))).toEqual(['/only here', '/same', '/same (2)']);
  expect(readdirSync(files).sort()).toEqual(['only here.sql', 'same (2).sql', 'same.sql']);
  expect(readFileSync(path.join(files, 'same.sql'), 'utf8')).toBe('in the folder');
});
