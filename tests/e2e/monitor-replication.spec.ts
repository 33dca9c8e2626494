/** Replication, WAL and I/O of two servers of the test's own, one the standby of the other: by what they say themselves. */
import { startServer, type TestServer } from '../postgres/servers.ts';
import { expect, test } from './howdah.ts';
import {
  agreed,
  connected,
  go,
  grid,
  readAfter,
  readAnew,
  recorded,
  section,
  shown,
  showStretch,
  telling,
  told,
} from './monitoring.ts';

let primary: TestServer;
let standby: TestServer;

test.beforeAll(async () => {
  primary = await startServer(18, { settings: { wal_keep_size: '512MB' } });
  standby = await startServer(18, {
    standbyOf: primary,
    settings: { cluster_name: 'e2e standby', max_standby_streaming_delay: '-1' },
  });
});
test.afterAll(async () => {
  await standby?.stop();
  await primary?.stop();
});

const extended =
  "extends from pg_stat_io where (backend_type, object, context) = ('client backend', 'relation', 'bulkwrite')";
const ioOfBulk = 'client backend bulkwrite';
const counted = ['wal', 'io', 'slot', 'replication'];

test('standbys, slots, WAL and I/O of a primary and its standby', async ({ howdah, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const admin = await connected(primary.url, 'e2e admin');
  const follower = await connected(standby.url, 'e2e admin');
  try {
    await admin.query("select pg_create_physical_replication_slot('e2e_slot', true)");
    await follower.query('select pg_wal_replay_pause()');
    await admin.query("create table unreplayed as select repeat('x', 500) as words from generate_series(1, 20000)");
    await admin.query('select pg_stat_force_next_flush()');
    const ids = [
      await howdah.connect(page, primary.url, { name: 'primary' }),
      await howdah.connect(page, standby.url, { name: 'standby' }),
    ];
    const client = await howdah.client(page);
    const [first] = await Promise.all(ids.map((connectionId) => client.recordings.start({ connectionId })));
    const id = first?.id ?? '';
    await readAfter(client, id, counted, 1);
    const before = { lsn: await told(admin, 'pg_current_wal_lsn()'), extends: Number(await told(admin, extended)) };
    await admin.query("create table written as select repeat('y', 500) as words from generate_series(1, 20000)");
    await admin.query('select pg_stat_force_next_flush()');
    const after = Number(await told(admin, extended));
    expect(after).toBeGreaterThan(before.extends);
    await readAfter(client, id, counted, await readAnew(admin, 'postgres'));
    // As counted up to here: they are read again a minute later.
    const [wal, io] = [await recorded(client, id, 'wal'), await recorded(client, id, 'io')];
    const toMs = Math.max(wal.atMs, io.atMs) + 1_000;
    const { fromMs } = await client.monitor.span({ id });

    await page.reload();
    await page.getByRole('button', { name: 'Servers and monitoring' }).click();
    const servers = page.getByRole('list', { name: 'Recorded servers' });
    await servers.getByRole('button').filter({ hasText: 'primary' }).click();
    await go(page, 'Replication and I/O');
    const lag = async () =>
      Number(await told(admin, 'pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) from pg_stat_replication'));
    // The standby tells of itself now and then.
    await expect.poll(lag).toBeGreaterThan(20_000_000);
    // The server notes what runs now and then, some hundred bytes of WAL.
    await agreed(async () => {
      const [replica] = (await recorded(client, id, 'replication')).rows;
      expect(Math.abs((replica?.value('replay_lag_bytes') ?? 0) - (await lag()))).toBeLessThan(10_000);
    });
    const row = grid(page, 'Standbys').getByRole('row').nth(1);
    await expect(row).toContainText('e2e standby');
    await expect(row).toContainText('streaming');
    await telling(row, async () => shown(await lag(), 'bytes'));
    const slot = grid(page, 'Replication slots').getByRole('row').filter({ hasText: 'e2e_slot' });
    await telling(slot, async () => {
      const from = "restart_lsn) from pg_replication_slots where slot_name = 'e2e_slot'";
      return shown(Number(await told(admin, `pg_wal_lsn_diff(pg_current_wal_lsn(), ${from}`)), 'bytes');
    });
    await expect(slot).toContainText('reserved');
    await expect(page.getByRole('region', { name: 'This server as a standby' })).toContainText('It is no standby.');

    await section(page, 'WAL and checkpoints');
    await showStretch(page, { fromMs: fromMs ?? 0, toMs });
    const recordedBytes = wal.rows[0]?.value('lsn') ?? 0;
    const written = Number(await told(admin, `pg_wal_lsn_diff(pg_current_wal_lsn(), '${before.lsn}')`));
    expect(Math.abs(recordedBytes - written)).toBeLessThan(10_000);
    await expect(page.getByRole('slider', { name: 'WAL written: time cursor' })).toHaveAttribute(
      'aria-valuetext',
      new RegExp(`Written ${shown(recordedBytes / (wal.coveredMs / 1000), 'bytes', true)}`),
    );

    await section(page, 'I/O');
    // Not all of its columns fit into the window.
    await grid(page, 'I/O by process and context')
      .getByRole('button', { name: /^\+\d+ columns/ })
      .click();
    const bulk = grid(page, 'I/O by process and context')
      .getByRole('row')
      .filter({ hasText: 'client backend' })
      .filter({ hasText: 'bulkwrite' });
    const [own] = io.rows.filter((each) => `${each.name('backend_type')} ${each.name('context')}` === ioOfBulk);
    expect(own?.value('extends')).toBe(after - before.extends);
    await expect(bulk).toContainText(shown(((after - before.extends) / io.coveredMs) * 1000, 'count', true));

    await page.getByRole('button', { name: 'Servers and monitoring' }).click();
    await servers.getByRole('button').filter({ hasText: 'standby' }).click();
    await go(page, 'Replication and I/O');
    await telling(grid(page, 'This server as a standby').getByRole('row').nth(1), async () => {
      const diff = 'pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())';
      const behind = Number(await told(follower, diff));
      expect(Math.abs(behind - (await lag()))).toBeLessThan(10_000);
      return shown(behind, 'bytes');
    });
  } finally {
    await Promise.allSettled([admin.end(), follower.end()]);
  }
});
