/** Saved connections end to end in the backend: real store, real servers, real vault; and no secret on the disk. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnections } from '../../electron/features/connections/connections.ts';
import type { Machine } from '../../electron/features/connections/conninfo/importable.ts';
import type { Log } from '../../electron/platform.ts';
import { connectClient } from '../../electron/postgres/connect/client.ts';
import { procedures } from '../../electron/procedures.ts';
import { createSecrets } from '../../electron/secrets/create-secrets.ts';
import { createConnectionStore } from '../../electron/store/connections.ts';
import { type OpenedStore, openStore } from '../../electron/store/open.ts';
import { type ConnectionDraft, newConnection, type TestEvent } from '../../shared/api/connections.ts';
import { majors, startServer, type TestServer } from './servers.ts';

let server: TestServer;
let folder: string;
let store: OpenedStore;
const logged: string[] = [];
const log: Log = {
  info: (...all) => void logged.push(JSON.stringify(all)),
  warn: (...all) => void logged.push(JSON.stringify(all)),
  error: (...all) => void logged.push(JSON.stringify(all)),
};
const noBus = process.env.DBUS_SESSION_BUS_ADDRESS;

function start(machine?: Machine) {
  const secrets = createSecrets({ dataFolder: folder, log });
  const made = createConnections({ store: createConnectionStore(store.db), secrets, dataFolder: folder, log, machine });
  const context = { role: 'admin' as const, clientId: 'test' };
  const router = procedures.connections.router(made.procedures);
  return { ...made, secrets, api: createRouterClient(router, { context }) };
}
const draft = (more: Partial<ConnectionDraft> = {}): ConnectionDraft => ({
  ...newConnection,
  name: 'one',
  host: '127.0.0.1',
  port: server.port,
  ...more,
});
async function eventsOf(events: AsyncIterable<TestEvent>): Promise<TestEvent[]> {
  const all: TestEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no failure',
    (thrown: { code?: string; data?: { reason?: string; field?: string } }) =>
      [thrown.code, thrown.data?.reason ?? thrown.data?.field].filter(Boolean).join(' '),
  );

beforeAll(async () => {
  process.env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nonexistent';
  server = await startServer(18, { settings: { shared_preload_libraries: 'pg_stat_statements' } });
});
beforeEach(async () => {
  if (store) store.close();
  if (folder) await rm(folder, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'howdah-connections-'));
  store = openStore(folder);
});
afterAll(async () => {
  store.close();
  await rm(folder, { recursive: true });
  await server.stop();
  if (noBus === undefined) delete process.env.DBUS_SESSION_BUS_ADDRESS;
  else process.env.DBUS_SESSION_BUS_ADDRESS = noBus;
});

describe('the list', () => {
  it('holds what was made, changed, copied and removed, and says so to whoever watches', async () => {
    const { api } = start();
    const watch = (await api.watch())[Symbol.asyncIterator]();
    const next = async () => {
      const { value } = await watch.next();
      return Array.isArray(value) ? value.map(({ name }) => name) : [];
    };
    expect(await next()).toEqual([]);
    const made = await api.create({ draft: draft(), secrets: {} });
    expect(await next()).toEqual(['one']);
    await api.update({ id: made.id, draft: draft({ name: 'two', tags: ['x'] }), secrets: {} });
    expect(await next()).toEqual(['two']);
    const copy = await api.duplicate({ id: made.id });
    expect(copy).toMatchObject({ name: 'two (copy)', tags: ['x'], port: server.port });
    await api.remove({ id: made.id });
    await watch.return?.();
    expect((await start().api.list()).map(({ name }) => name)).toEqual(['two (copy)']);
    expect(await codeOf(api.update({ id: made.id, draft: draft(), secrets: {} }))).toBe('invalid id');
  });
  it('refuses secrets among the parameters, which are kept in plain text', async () => {
    const { api } = start();
    const parameters = { password: 'x' };
    expect(await codeOf(api.create({ draft: draft({ parameters }), secrets: {} }))).toBe('invalid parameters');
  });
});

describe('secrets', () => {
  const password = () => server.spec().password ?? '';
  it('without a keychain are remembered until quit', async () => {
    const first = start();
    const { id } = await first.api.create({ draft: draft(), secrets: { password: password() } });
    expect((await first.specOf(id)).password).toBe(password());
    expect((await first.api.list())[0]?.savedSecrets).toEqual([]);
    expect((await start().specOf(id)).password).toBeNull();
  });
  it('in a vault are there again once it is open, and come out nowhere', async () => {
    const first = start();
    await first.api.createVault({ passphrase: 'long enough' });
    const secrets = { password: password(), sslKey: 'key text' };
    const { id } = await first.api.create({ draft: draft({ sslCert: 'cert' }), secrets });
    const again = start();
    const listed = await again.api.list();
    expect(listed[0]?.savedSecrets).toEqual(['password', 'sslKey']);
    expect(JSON.stringify(listed)).not.toContain(password());
    await expect(again.specOf(id)).rejects.toMatchObject({ failure: { reason: 'secretsLocked' } });
    expect(await codeOf(again.api.create({ draft: draft(), secrets }))).toBe('connection secretsLocked');
    expect((await again.api.list()).length).toBe(1);
    expect(await codeOf(again.api.unlockVault({ passphrase: 'wrong' }))).toBe('invalid passphrase');
    await again.api.unlockVault({ passphrase: 'long enough' });
    expect(await again.specOf(id)).toMatchObject({ password: password(), sslKey: 'key text' });
    const copy = await again.api.duplicate({ id });
    expect((await again.specOf(copy.id)).password).toBe(password());
    await again.api.update({ id, draft: draft({ sslCert: 'cert' }), secrets: { password: '' } });
    expect((await again.api.list()).find((each) => each.id === id)?.savedSecrets).toEqual(['sslKey']);
    await again.api.remove({ id });
    expect(await again.secrets.savedKeys()).toEqual([`${copy.id}/password`, `${copy.id}/sslKey`]);
  });
  it('with "ask" are never kept, also where they could be', async () => {
    const { api, specOf, secrets } = start();
    await api.createVault({ passphrase: 'long enough' });
    const { id } = await api.create({ draft: draft({ password: 'ask' }), secrets: { password: password() } });
    expect((await specOf(id)).password).toBe(password());
    expect(await secrets.savedKeys()).toEqual([]);
    const again = start();
    expect((await again.specOf(id)).password).toBeNull();
    await again.api.provideSecrets({ id, secrets: { password: password() } });
    const { client } = await connectClient(await again.specOf(id));
    await client.end();
  });
  it('of a locked vault can be given by hand for now', async () => {
    const first = start();
    await first.api.createVault({ passphrase: 'long enough' });
    const { id } = await first.api.create({ draft: draft(), secrets: { password: password() } });
    const again = start();
    await again.api.provideSecrets({ id, secrets: { password: 'by hand' } });
    expect((await again.specOf(id)).password).toBe('by hand');
  });
  it('are found nowhere in the data folder or the log', async () => {
    const { api, specOf } = start();
    await api.createVault({ passphrase: 'findme-passphrase' });
    const secrets = {
      password: 'findme-password',
      sshPassword: 'findme-ssh',
      sslKey: 'findme-key',
      sslKeyPassphrase: 'findme-kp',
    };
    const ssh = { host: '127.0.0.1', port: 1, user: 'u', auth: 'password' as const };
    const { id } = await api.create({ draft: draft({ ssh, sslCert: 'x' }), secrets });
    const asked = await api.create({ draft: draft({ password: 'ask' }), secrets: { password: 'findme-asked' } });
    await eventsOf(await api.test({ id, draft: draft(), secrets: {} }));
    await connectClient(await specOf(asked.id)).catch(() => {});
    await api.parse({ text: 'postgres://u:findme-pasted@h/d' });
    store.db.pragma('wal_checkpoint(TRUNCATE)');
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      names.filter((each) => each.isFile()).map((each) => readFile(join(each.parentPath, each.name), 'latin1')),
    );
    expect(texts.length).toBeGreaterThan(2);
    for (const text of [...texts, ...logged]) expect(text).not.toContain('findme');
  });
});

describe('the test', () => {
  it('shows each step with its time and what the server is', async () => {
    const { api } = start();
    const secrets = { password: server.spec().password ?? '' };
    const events = await eventsOf(await api.test({ draft: draft(), secrets }));
    const steps = events.flatMap((event) => (event.kind === 'step' ? [`${event.step} ${event.state}`] : []));
    expect(steps.filter((step) => !step.endsWith('running'))).toEqual([
      'resolve done',
      'ssh skipped',
      'tcp done',
      'tls skipped',
      'auth done',
      'query done',
    ]);
    const last = events.at(-1);
    expect(last).toMatchObject({
      kind: 'done',
      check: {
        role: 'postgres',
        database: 'postgres',
        standby: false,
        readOnly: false,
        tls: { used: false, verified: false, summary: 'not encrypted (loopback)' },
        pgStatStatements: { available: false },
        notes: [],
      },
    });
    if (last?.kind !== 'done') throw new Error('not done');
    const { roundTripsMs: trips, powers, pgStatStatements, versionNum } = last.check;
    expect(Math.floor(versionNum / 10_000)).toBe(18);
    expect(trips.all.length).toBe(5);
    expect(trips.min).toBeGreaterThan(0);
    expect(trips.min <= trips.median && trips.median <= trips.p95).toBe(true);
    expect(powers).toEqual(expect.arrayContaining(['superuser', 'createdb', 'pg_monitor', 'pg_signal_backend']));
    // What it advises works.
    for (const line of (pgStatStatements.enableSql ?? '').split('\n').filter((each) => !each.startsWith('--')))
      await server.query(line);
    const after = (await eventsOf(await api.test({ draft: draft(), secrets }))).at(-1);
    expect(after).toMatchObject({ kind: 'done', check: { pgStatStatements: { available: true } } });
  });
  it('names the powers of a plain role, and reads read-only', async () => {
    await server.query(
      "create role plain login password 'p'; grant pg_read_all_data to plain; alter role plain set default_transaction_read_only = on",
    );
    const { api } = start();
    const events = await eventsOf(await api.test({ draft: draft({ user: 'plain' }), secrets: { password: 'p' } }));
    expect(events.at(-1)).toMatchObject({
      kind: 'done',
      check: { role: 'plain', powers: ['pg_read_all_data'], readOnly: true },
    });
  });
  it('uses the saved secrets where the form has none, and ends with the reason where they are wrong', async () => {
    const { api } = start();
    const { id } = await api.create({ draft: draft(), secrets: { password: server.spec().password ?? '' } });
    expect((await eventsOf(await api.test({ id, draft: draft(), secrets: {} }))).at(-1)?.kind).toBe('done');
    const wrong = await eventsOf(await api.test({ id, draft: draft(), secrets: { password: 'wrong' } }));
    expect(wrong.slice(-2)).toMatchObject([
      { kind: 'step', step: 'auth', state: 'failed' },
      { kind: 'failed', failure: { kind: 'connection', reason: 'passwordWrong' } },
    ]);
    const none = await eventsOf(await api.test({ id, draft: draft(), secrets: { password: '' } }));
    expect(none.at(-1)).toMatchObject({ failure: { reason: 'passwordNeeded' } });
  });
  it('ends at the server too when nobody listens any more', async () => {
    const { api } = start();
    const secrets = { password: server.spec().password ?? '' };
    for await (const event of await api.test({ draft: draft(), secrets }))
      if (event.kind === 'step' && event.step === 'auth') break;
    const left = "select count(*)::int as n from pg_stat_activity where application_name like 'Howdah (connection%'";
    while ((await server.query(left))[0]?.n !== 0);
  });
  it.each(majors)('knows PostgreSQL %s', async (major) => {
    const one = await startServer(major);
    const { api } = start();
    const secrets = { password: one.spec().password ?? '' };
    const last = (await eventsOf(await api.test({ draft: draft({ port: one.port }), secrets }))).at(-1);
    await one.stop();
    expect(last).toMatchObject({ kind: 'done', check: { notes: [], pgStatStatements: { available: false } } });
    if (last?.kind === 'done') expect(Math.floor(last.check.versionNum / 10_000)).toBe(major);
  });
});

it('imports with passwords, counted but not sent to the page', async () => {
  const home = await mkdtemp(join(tmpdir(), 'howdah-home-'));
  await writeFile(
    join(home, '.pgpass'),
    `127.0.0.1:${server.port}:postgres:postgres:${server.spec().password?.replace(/[\\:]/g, '\\$&')}\n`,
    {
      mode: 0o600,
    },
  );
  const machine = { environment: { PGSYSCONFDIR: home }, home, user: 'ann', platform: process.platform };
  const { api, specOf } = start(machine);
  const offered = (await api.importable()).filter(({ origin }) => origin === 'pgpass');
  expect(offered).toMatchObject([{ hasPassword: true, draft: { host: '127.0.0.1', user: 'postgres' } }]);
  expect(JSON.stringify(offered)).not.toContain(server.spec().password);
  const [made] = await api.import({ ids: offered.map(({ id }) => id) });
  const { client } = await connectClient(await specOf(made?.id ?? ''));
  await client.end();
  expect((await api.importable()).find(({ origin }) => origin === 'pgpass')?.notes.join()).toContain('already');
  await rm(home, { recursive: true });
});
