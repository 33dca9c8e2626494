/** COPY … FROM STDIN over a link, against a real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CopyIn } from '../../electron/postgres/copy/copy-in.ts';
import { Link } from '../../electron/postgres/session/link.ts';
import { failureOf } from '../../shared/failure.ts';
import { startServer, type TestServer } from './servers.ts';

let server: TestServer;
let link: Link;
beforeAll(async () => {
  server = await startServer(18);
  await server.query('create table taken (id int primary key, note text)');
  link = await openLink();
});
afterAll(async () => {
  await link?.close();
  await server?.stop();
});

const nothing = () => {};
const openLink = () =>
  Link.open(server.spec(), {
    notice: nothing,
    notification: nothing,
    ready: nothing,
    lost: nothing,
    cancelBySql: () => Promise.reject(new Error('no second connection')),
  });
const count = async () => (await server.query('select count(*)::int as n from taken'))[0]?.n;
const failed = (thrown: unknown) => failureOf(thrown);

describe('rows that are sent', () => {
  it('arrive, however many, and are counted', async () => {
    const copy = await CopyIn.open(link, 'copy taken from stdin');
    const rows = Array.from({ length: 1000 }, (_, at) => at);
    for (let turn = 0; turn < 200; turn++)
      await copy.write(Buffer.from(rows.map((at) => `${turn * 1000 + at}\tnote ${at}\n`).join('')));
    expect(await copy.finish()).toBe(200_000);
    expect(await count()).toBe(200_000);
    expect(link.transaction).toBe('idle');
  });

  it('leave the link usable when the server refuses one in the middle', async () => {
    await link.script('truncate taken');
    const copy = await CopyIn.open(link, 'copy taken from stdin');
    await copy.write(Buffer.from('1\ta\nno number\tb\n'));
    for (let turn = 0; turn < 10_000 && !copy.over; turn++) await copy.write(Buffer.alloc(65_536, '7\tx\n'));
    expect(copy.over).toBe(true);
    expect(await copy.finish().catch(failed)).toMatchObject({ kind: 'postgres', sqlstate: '22P02' });
    expect((await link.scalar('select 1')).value).toBe('1');
    expect(await count()).toBe(0);
  });

  it('are rolled back when the last one is refused, or when they are given up', async () => {
    const copy = await CopyIn.open(link, 'copy taken from stdin');
    await copy.write(Buffer.from('1\ta\n1\tb\n'));
    expect(await copy.finish().catch(failed)).toMatchObject({ kind: 'postgres', sqlstate: '23505' });
    const other = await CopyIn.open(link, 'copy taken from stdin');
    await other.write(Buffer.from('1\ta\n'));
    await other.abandon('cancelled');
    expect((await link.scalar('select 1')).value).toBe('1');
    expect(await count()).toBe(0);
  });

  it('are not even asked for where the statement is refused', async () => {
    expect(await CopyIn.open(link, 'copy nowhere from stdin').catch(failed)).toMatchObject({ sqlstate: '42P01' });
    expect(await CopyIn.open(link, 'select 1').catch(failed)).toMatchObject({ kind: 'internal' });
  });

  it('end in a true word when the link is cut', async () => {
    const cut = await openLink();
    const copy = await CopyIn.open(cut, 'copy taken from stdin');
    await copy.write(Buffer.from('1\ta\n'));
    await server.query('select pg_terminate_backend($1)', [cut.backendPid]);
    const there = () => server.query('select from pg_stat_activity where pid = $1', [cut.backendPid]);
    await expect.poll(there).toHaveLength(0);
    expect(await copy.finish().catch(failed)).toMatchObject({ kind: 'connection' });
    expect(await count()).toBe(0);
  });
});
