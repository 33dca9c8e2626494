import { execFileSync, spawn } from 'node:child_process';
import {
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../shared/api/app.ts';
import { createHistoryStore, type NewHistoryEntry } from './history.ts';
import { openStore } from './open.ts';
import { createSettingsStore } from './settings.ts';
import { createPaceStore } from './structure-paces.ts';
import { createWorkspaceStore, instanceId } from './workspace.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

it('numbers each migration once', () => {
  // Of two with one number, a store that has the first would never get the second.
  const numbers = readdirSync(join(import.meta.dirname, 'migrations')).map((name) => name.slice(0, 3));
  expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
});

const entry = (text: string, more: Partial<NewHistoryEntry> = {}): NewHistoryEntry => ({
  atMs: 1,
  text,
  connectionId: 'c',
  connectionName: 'C',
  database: 'd',
  user: 'u',
  durationMs: 1,
  rows: 1,
  failure: null,
  ...more,
});
const tab = (id: string, position = 0) => ({
  id,
  place: { kind: 'query' },
  title: id,
  position,
  active: position === 0,
});

describe('a damaged file', () => {
  const damages: Record<string, (file: string) => void> = {
    'overwritten from the start': (file) => writeFileSync(file, 'this is not a database at all, not even close to one'),
    'cut in the middle': (file) => truncateSync(file, 12_000),
    'with a page of noise': (file) => {
      const handle = openSync(file, 'r+');
      writeSync(handle, Buffer.alloc(8192, 0xa5), 0, 8192, 4096);
    },
  };
  for (const [name, damage] of Object.entries(damages)) {
    it(`${name} is set aside, and the backup takes its place`, async () => {
      const first = openStore(folder);
      const workspaces = createWorkspaceStore(first.db);
      const { windowId } = workspaces.open(null, `${instanceId}:a`);
      workspaces.saveTabs(windowId, [tab('t')]);
      workspaces.saveText({ tabId: 't', text: 'select precious', caret: 3, scrollTop: 0 });
      await first.backup();
      first.close();
      damage(join(folder, 'howdah.db'));
      const again = openStore(folder);
      expect(again.setAside).toHaveLength(1);
      expect(readdirSync(folder).some((file) => file.startsWith('howdah.db.damaged-'))).toBe(true);
      expect(
        createWorkspaceStore(again.db)
          .open(null, `${instanceId}:a`)
          .texts.map((text) => text.text),
      ).toEqual(['select precious']);
      again.close();
    });
  }

  it('without a backup gives an empty store, and the damaged one is kept', () => {
    openStore(folder).close();
    writeFileSync(
      join(folder, 'howdah.db'),
      'garbage that is long enough to have a header of its own, or so it seems to be',
    );
    const again = openStore(folder);
    expect(again.setAside).toHaveLength(1);
    expect(readFileSync(again.setAside[0]?.keptAs ?? '', 'utf8')).toContain('garbage');
    expect(createSettingsStore(again.db).read()).toEqual(defaultSettings);
    again.close();
  });
});

it('refuses a file of a newer program and leaves it as it was', () => {
  const store = openStore(folder);
  store.db.pragma('user_version = 99');
  store.close();
  const before = readFileSync(join(folder, 'howdah.db'));
  expect(() => openStore(folder)).toThrow(/newer Howdah/);
  expect(readFileSync(join(folder, 'howdah.db')).equals(before)).toBe(true);
});

describe('a disk that is full', () => {
  it('is told in words, and what was saved before stays', () => {
    const store = openStore(folder);
    const workspaces = createWorkspaceStore(store.db);
    const { windowId } = workspaces.open(null, `${instanceId}:a`);
    workspaces.saveTabs(windowId, [tab('t')]);
    workspaces.saveText({ tabId: 't', text: 'kept', caret: 0, scrollTop: 0 });
    // SQLite's own limit gives the same SQLITE_FULL as a disk without space.
    store.db.pragma(`max_page_count = ${store.db.pragma('page_count', { simple: true })}`);
    expect(() => workspaces.saveText({ tabId: 't', text: 'x'.repeat(1_000_000), caret: 0, scrollTop: 0 })).toThrow(
      /disk is full/,
    );
    expect(workspaces.text('t')?.text).toBe('kept');
    store.close();
  });
});

describe('settings', () => {
  it('keep their default where a kept value no longer fits', () => {
    const store = openStore(folder);
    const settings = createSettingsStore(store.db);
    settings.write({ theme: 'dark', rowLimit: 10 });
    store.db.prepare("UPDATE setting SET value = '\"purple\"' WHERE name = 'theme'").run();
    expect(settings.read()).toEqual({ ...defaultSettings, rowLimit: 10 });
    store.close();
  });
});

describe('the history', () => {
  it('finds all words, parts of words, short words and signs alike', () => {
    const store = openStore(folder);
    const history = createHistoryStore(store.db);
    history.add(entry('select * from shop.customer where id = 5'));
    history.add(entry("update shop.customer set name = 'Ann_B'"));
    history.add(entry('delete from "we""ird" where a % 2 = 0', { failure: { kind: 'internal', message: 'no' } }));
    const found = (text: string, more = {}) =>
      history.search({ text, limit: 10, ...more }).entries.map((each) => each.text.slice(0, 6));
    expect(found('customer')).toEqual(['update', 'select']);
    expect(found('custo SELECT')).toEqual(['select']);
    expect(found('id')).toEqual(['select']);
    expect(found('a %')).toEqual(['delete']);
    expect(found('n_')).toEqual(['update']);
    expect(found('"we""ird"')).toEqual(['delete']);
    expect(found('" OR "')).toEqual([]);
    expect(found('', { outcome: 'failed' })).toEqual(['delete']);
    expect(found('', { outcome: 'well' })).toEqual(['update', 'select']);
    expect(found('', { fromMs: Date.now() + 1000 })).toEqual([]);
    expect(found('', { fromMs: 0, beforeMs: Number.MAX_SAFE_INTEGER })).toHaveLength(3);
    history.remove([1]);
    expect(found('customer')).toEqual(['update']);
    history.clear();
    expect(found('')).toEqual([]);
    store.close();
  });

  it('pages newest first', () => {
    const store = openStore(folder);
    const history = createHistoryStore(store.db);
    for (let i = 0; i < 25; i++) history.add(entry(`q${i}`));
    const first = history.search({ text: '', limit: 10 });
    expect([first.entries[0]?.text, first.entries.length, first.more]).toEqual(['q24', 10, true]);
    const last = history.search({ text: '', limit: 20, beforeId: first.entries.at(-1)?.id });
    expect([last.entries[0]?.text, last.entries.length, last.more]).toEqual(['q14', 15, false]);
    store.close();
  });
});

it('knows how fast changes of structure went, of each server and kind by itself', () => {
  const store = openStore(folder);
  const paces = createPaceStore(store.db);
  const mega = 1024 * 1024;
  paces.keep('a', 'scan', 10 * mega, 1000);
  // A long run counts for more than a short one.
  paces.keep('a', 'scan', 90 * mega, 1000);
  paces.keep('a', 'rewrite', 8 * mega, 1000);
  // Too little to say anything.
  paces.keep('a', 'index', mega / 2, 1);
  expect(paces.of('a')).toMatchObject([
    { kind: 'rewrite', bytesASecond: 8 * mega, runs: 1 },
    { kind: 'scan', bytesASecond: 50 * mega, runs: 2, mostBytes: 90 * mega },
  ]);
  for (let at = 0; at < 30; at++) paces.keep('a', 'scan', 2 * mega, 1000);
  expect(paces.of('a')[1]).toMatchObject({ bytesASecond: 2 * mega, runs: 20 });
  expect(paces.of('b')).toEqual([]);
  store.close();
});

describe('workspaces', () => {
  it('give a second window its own, and the first one back after it was let go', () => {
    const store = openStore(folder);
    const workspaces = createWorkspaceStore(store.db);
    const first = workspaces.open(null, `${instanceId}:a`);
    const second = workspaces.open(first.windowId, `${instanceId}:b`);
    expect(second.windowId).not.toBe(first.windowId);
    workspaces.release(`${instanceId}:a`);
    expect(workspaces.open(first.windowId, `${instanceId}:c`).windowId).toBe(first.windowId);
    store.close();
  });

  it('do not take one that another living program holds, but one of a dead program', () => {
    const store = openStore(folder);
    const workspaces = createWorkspaceStore(store.db);
    const { windowId } = workspaces.open(null, `${process.ppid}:other:a`);
    expect(workspaces.open(windowId, `${instanceId}:b`).windowId).not.toBe(windowId);
    const gone = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    const dead = workspaces.open(null, `${gone}:dead:a`);
    expect(workspaces.open(dead.windowId, `${instanceId}:c`).windowId).toBe(dead.windowId);
    store.close();
  });

  it('keep a closed tab with its text, and an earlier version of a text that was emptied', () => {
    const store = openStore(folder);
    const workspaces = createWorkspaceStore(store.db);
    const { windowId } = workspaces.open(null, `${instanceId}:a`);
    workspaces.saveTabs(windowId, [tab('one'), tab('two', 1)]);
    workspaces.saveText({ tabId: 'one', text: 'a long text that was worth keeping', caret: 4, scrollTop: 1.5 });
    workspaces.saveText({ tabId: 'one', text: '', caret: 0, scrollTop: 0 });
    expect(workspaces.versions('one').map((version) => version.text)).toEqual(['a long text that was worth keeping']);
    workspaces.saveTabs(windowId, [tab('two')]);
    expect(workspaces.closed(10).map(({ tab: closed }) => closed.id)).toEqual(['one']);
    expect(workspaces.text('one')?.text).toBe('');
    store.close();
  });
});

it('loses nothing that was acknowledged when the program is killed', async () => {
  const script = join(folder, 'typist.ts');
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  writeFileSync(
    script,
    `import { openStore } from ${module('./open.ts')};
     import { createWorkspaceStore } from ${module('./workspace.ts')};
     const workspaces = createWorkspaceStore(openStore(${JSON.stringify(folder)}).db);
     const { windowId } = workspaces.open(null, process.pid + ':x:a');
     workspaces.saveTabs(windowId, [{ id: 't', place: {}, title: 't', position: 0, active: true }]);
     for (let i = 1; ; i++) { workspaces.saveText({ tabId: 't', text: String(i), caret: 0, scrollTop: 0 }); process.stdout.write(i + '\\n'); }`,
  );
  for (let round = 0; round < 5; round++) {
    const typist = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    await new Promise<void>((resolve) => {
      typist.stdout.on('data', (chunk) => {
        said += chunk;
        if (said.split('\n').length > 20 + round * 17) typist.kill('SIGKILL');
      });
      typist.on('exit', () => resolve());
    });
    const acknowledged = Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
    const store = openStore(folder);
    expect(store.setAside).toEqual([]);
    expect(Number(createWorkspaceStore(store.db).text('t')?.text)).toBeGreaterThanOrEqual(acknowledged);
    store.close();
  }
  expect(statSync(join(folder, 'howdah.db')).size).toBeGreaterThan(0);
});
