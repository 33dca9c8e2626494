/** Every cause of "no connection" from real servers: the right reason, with a way out. */
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connected, connectClient } from '../../electron/postgres/connect/client.ts';
import { lostFailure } from '../../electron/postgres/connect/failures.ts';
import type { StepEvent } from '../../electron/postgres/connect/steps.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import { failureOfCall, reasonOf } from './failing.ts';
import { majors, startServer, type TestServer } from './servers.ts';

const hba = `host all trusted all trust
host all barred all reject
host all peered all ident
host all md5er all md5
host all clear all password
host all all all scram-sha-256`;
let server: TestServer;
const opened: Connected[] = [];
async function connected(spec: ConnectSpec): Promise<Connected> {
  const made = await connectClient(spec);
  opened.push(made);
  return made;
}
const reason = (overrides: Partial<ConnectSpec>) => reasonOf(connectClient(server.spec(overrides)));

beforeAll(async () => {
  server = await startServer(18, { hba, settings: { max_connections: '20', superuser_reserved_connections: '3' } });
  await server.query(`create role trusted login; create role barred login; create role peered login;
    create role clear login password 'clear'; create role one login password 'one' connection limit 1;
    set password_encryption = 'md5'; create role md5er login password 'md5'`);
  await server.query('create database closed');
  await server.query('revoke connect on database closed from public');
  await server.query('create database offline allow_connections false');
});
afterAll(async () => {
  for (const { transport } of opened) transport.close();
  await server.stop();
});

describe('the reason', () => {
  it.each([
    ['a wrong password', { password: 'wrong' }, 'passwordWrong'],
    ['no password', { password: null }, 'passwordNeeded'],
    ['an empty password', { password: '' }, 'passwordNeeded'],
    ['an unknown host', { host: 'nowhere.invalid' }, 'unknownHost'],
    ['a host that is no name', { host: 'a b' }, 'unknownHost'],
    ['a closed port', { port: 1 }, 'refused'],
    ['a socket that is not there', { host: '/nonexistent' }, 'refused'],
    ['an unknown database', { database: 'nowhere' }, 'noSuchDatabase'],
    ['a database without the right to connect', { database: 'closed', user: 'trusted' }, 'noConnectRight'],
    ['a database that takes no connections', { database: 'offline' }, 'noConnectRight'],
    ['an unknown role, which a server does not admit to', { user: 'nobody' }, 'passwordWrong'],
    ['a line of pg_hba.conf that rejects', { user: 'barred' }, 'notAllowedByHba'],
    ['a failed ident', { user: 'peered' }, 'notAllowedByHba'],
  ] as const)('of %s', async (_what, overrides, expected) => {
    expect(await reason(overrides)).toBe(expected);
  });
  it('of an unknown role, where the server lets everyone in', async () => {
    const open = await startServer(18, { hba: 'host all all all trust' });
    expect(await reasonOf(connectClient(open.spec({ user: 'nobody' })))).toBe('noSuchRole');
    await open.query('create role nologin');
    expect(await reasonOf(connectClient(open.spec({ user: 'nologin' })))).toBe('noSuchRole');
    await open.stop();
  });
  it('of too many connections, of a role and of the server', async () => {
    const one = { user: 'one', password: 'one' };
    await connected(server.spec(one));
    expect(await reason(one)).toBe('tooManyConnections');
    const full: Connected[] = [];
    let last = '';
    while (last === '') {
      const attempt = await connectClient(server.spec({ user: 'trusted' })).catch((thrown) => thrown);
      if (attempt instanceof Error) last = await reasonOf(Promise.reject(attempt));
      else full.push(attempt);
    }
    expect(last).toBe('tooManyConnections');
    await Promise.all(full.map(({ client }) => client.end()));
  });
  it('of a port that accepts and says nothing', async () => {
    const silent = createServer(() => {});
    const port = await listening(silent);
    for (const sslMode of ['disable', 'require'] as const) {
      const failure = await failureOfCall(
        connectClient(server.spec({ port, sslMode, parameters: { connect_timeout: '1' } })),
      );
      expect(failure).toMatchObject({ kind: 'connection', reason: 'timeout' });
    }
    silent.close();
  });
  it('of a setting that the server does not know is the server’s own error', async () => {
    const failure = await failureOfCall(connectClient(server.spec({ parameters: { nonsense: '1' } })));
    expect(failure).toMatchObject({ kind: 'postgres', sqlstate: '42704' });
  });
});

describe('a connection', () => {
  it.each(['md5er', 'clear'])('logs in as %s', async (user) => {
    const made = await connected(server.spec({ user, password: user.replace('er', '') }));
    expect((await made.client.query('select current_user')).rows).toEqual([{ current_user: user }]);
  });
  it('refuses what require_auth excludes, before a password is sent', async () => {
    const spec = { user: 'clear', password: 'clear' };
    expect(await reason({ ...spec, parameters: { require_auth: 'scram-sha-256' } })).toBe('unsupportedAuth');
    expect(await reason({ ...spec, parameters: { require_auth: '!password' } })).toBe('unsupportedAuth');
    expect(await reason({ user: 'trusted', parameters: { require_auth: 'scram-sha-256' } })).toBe('unsupportedAuth');
    await connected(server.spec({ ...spec, parameters: { require_auth: 'password,md5' } }));
  });
  it('goes over a Unix-domain socket', async () => {
    const made = await connected(server.spec({ host: server.socketFolder, sslMode: 'require' }));
    expect(made.transport.summary).toBe('not encrypted (Unix-domain socket)');
    expect((await made.client.query('select inet_client_addr() as a')).rows).toEqual([{ a: null }]);
  });
  it('says who it is and passes settings, and nothing of this machine’s PG* variables', async () => {
    process.env.PGOPTIONS = '-c statement_timeout=1';
    process.env.PGSSLMODE = 'require';
    process.env.PGAPPNAME = 'somebody else';
    const made = await connected(
      server.spec({ parameters: { options: '-c lock_timeout=7s', TimeZone: 'Asia/Tokyo' } }),
    );
    for (const name of ['PGOPTIONS', 'PGSSLMODE', 'PGAPPNAME']) delete process.env[name];
    const { rows } = await made.client.query(`select current_setting('application_name') as name,
      current_setting('statement_timeout') as st, current_setting('lock_timeout') as lt, current_setting('TimeZone') as tz`);
    expect(rows).toEqual([{ name: 'Howdah', st: '0', lt: '7s', tz: 'Asia/Tokyo' }]);
  });
  it('is read-only where it was asked to be', async () => {
    const made = await connected(server.spec({ readOnly: true }));
    await expect(made.client.query('create table forbidden ()')).rejects.toMatchObject({ code: '25006' });
    await made.client.query('discard all');
    await expect(made.client.query('create table forbidden ()')).rejects.toMatchObject({ code: '25006' });
  });
  it('reports its steps, each with its time', async () => {
    const steps: StepEvent[] = [];
    const made = await connectClient(server.spec({ host: 'localhost' }), { onStep: (event) => steps.push(event) });
    opened.push(made);
    expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'resolve running',
      'resolve done',
      'ssh skipped',
      'tcp running',
      'tcp done',
      'tls skipped',
      'auth running',
      'auth done',
    ]);
    for (const { state, tookMs } of steps) if (state === 'done') expect(tookMs).toBeGreaterThan(0);
  });
  it('can be given up at once', async () => {
    const silent = createServer(() => {});
    const port = await listening(silent);
    const control = new AbortController();
    const attempt = failureOfCall(connectClient(server.spec({ port }), { signal: control.signal }));
    silent.once('connection', () => control.abort());
    expect(await attempt).toMatchObject({ kind: 'cancelled' });
    const aborted = connectClient(server.spec(), { signal: AbortSignal.abort() });
    expect(await failureOfCall(aborted)).toMatchObject({ kind: 'cancelled' });
    silent.close();
  });
  it('takes no answer of a password file of this machine', async () => {
    process.env.PGPASSWORD = server.spec().password ?? '';
    expect(await reason({ password: null })).toBe('passwordNeeded');
    delete process.env.PGPASSWORD;
  });
  it('that ends is told once, and does not end the process', async () => {
    for (const end of ['select pg_terminate_backend($1)', 'crash'] as const) {
      const made = await connectClient(server.spec());
      const lost = new Promise((resolve) => made.client.once('error', resolve));
      const { rows } = await made.client.query('select pg_backend_pid() as pid');
      if (end === 'crash') process.kill(rows[0].pid, 'SIGKILL');
      else await server.query(end, [rows[0].pid]);
      expect(lostFailure(await lost).failure).toMatchObject({
        kind: 'connection',
        reason: end === 'crash' ? 'lost' : 'serverShutDown',
      });
    }
  });
});

it.each(majors)('works with PostgreSQL %s', async (major) => {
  const one = await startServer(major);
  const made = await connectClient(one.spec());
  expect(Number((await made.client.query('show server_version_num')).rows[0].server_version_num) / 10_000).toBeCloseTo(
    major,
    0,
  );
  await made.client.end();
  await one.stop();
});

it('tells a server that is starting or stopping from one that is not there', async () => {
  const one = await startServer(18);
  const spec = one.spec();
  // An open session keeps a smart shutdown waiting: new ones are told so.
  const held = await connectClient(spec);
  const stopping = one.restart('smart');
  let seen = '';
  while (seen !== 'serverStarting')
    seen = await reasonOf(
      connectClient(spec)
        .then((made) => made.client.end())
        .then(() => {
          throw new Error('still open');
        }),
    ).catch(() => 'still open');
  expect(seen).toBe('serverStarting');
  held.transport.close();
  await stopping;
  await one.stop();
  expect(await reasonOf(connectClient(spec))).toBe('refused');
});

const listening = (started: Server) =>
  new Promise<number>((resolve) => {
    started.listen(0, '127.0.0.1', () => resolve((started.address() as { port: number }).port));
  });
