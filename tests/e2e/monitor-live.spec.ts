/**
 * Every monitoring page over a live server while the sample's workload runs: each tells a number that the server or its
 * recording tells too. Then the recording's saved copy, which must tell the same as the live source.
 */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { createWorkload } from '../../electron/features/sample/workload/workload.ts';
import type { Client } from '../../shared/api.ts';
import { expect, type Howdah, sampleServer, test } from './howdah.ts';
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
  sound,
  telling,
  told,
} from './monitoring.ts';
import { sameInCopy } from './same-in-copy.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const workload = createWorkload(quiet);

test.beforeAll(async () => {
  const { host, port, user, password, database } = new pg.Client({ connectionString: sampleServer().url });
  await workload.start({ host, port, user: user ?? '', password: password ?? '', database: database ?? '' });
});
test.afterAll(() => workload.stop());
// It only ends what hangs: a machine with other work takes several times longer.
test.describe.configure({ timeout: 1_200_000 });

const bytes = (value: number) => shown(value, 'bytes');

/** A session that keeps a row, and one that waits for it. */
async function blockedPair() {
  const blocker = await connected(sampleServer().url, 'e2e blocker');
  const waiter = await connected(sampleServer().url, 'e2e waiter');
  const { rows } = await blocker.query<{ pid: number }>('select pg_backend_pid() as pid');
  // A row that nobody else wants: the workload's sessions would wait as well.
  await blocker.query('begin; update e2e_live.grown set words = words where id = 77');
  const waiting = waiter.query('update e2e_live.grown set words = words where id = 77');
  return { pid: rows[0]?.pid, waiting, end: () => Promise.allSettled([blocker.end(), waiter.end()]) };
}

/** A role of the test's own, by which its recorder's connection is known. */
const owner = 'e2e_live';
const asOwner = () => {
  const url = new URL(sampleServer().url);
  [url.username, url.password] = [owner, 'live'];
  return url.href;
};

const words = (count: number) => `select g as id, repeat('x', 500) as words from generate_series(1, ${count}) g`;
/** What the test leaves at the server, and takes away again. */
const traces = {
  make: [
    "create role e2e_live superuser login password 'live'",
    "create role e2e_plain login password 'plain'",
    'create schema e2e_live',
    `create table e2e_live.grown with (autovacuum_enabled = off) as ${words(2000)}`,
    `create table e2e_live.emptied with (autovacuum_enabled = off) as ${words(4000)}`,
    'vacuum analyze e2e_live.emptied',
    // So that autovacuum has nothing to add to its maps meanwhile.
    'vacuum logistics.tracking_event',
  ],
  unmake: [
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'e2e witness'",
    'drop schema e2e_live cascade',
    'alter system reset deadlock_timeout',
    'select pg_reload_conf()',
    'drop role e2e_plain',
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'e2e_live'",
    'drop role e2e_live',
  ],
};
const calledSeven = 'select $1::int as e2e_called_seven_times';

/** Of the table, its TOAST and its indexes. */
const sizeOf = async (admin: pg.Client, table: string): Promise<number> =>
  Number(await told(admin, `pg_total_relation_size('${table}')`));

/** What the server answers before and after what is done to it between two readings. */
async function measured(admin: pg.Client) {
  const number = async (sql: string) => Number(await told(admin, sql));
  const called = "pg_stat_statements where query like '%as e2e_called_seven_times'";
  const pages = "pg_class where oid = 'e2e_live.emptied'::regclass";
  return {
    spentMs: await number(`sum(total_exec_time) from ${called}`),
    grown: await sizeOf(admin, 'e2e_live.grown'),
    pages: await number(`relpages from ${pages}`),
    rows: await number(`reltuples from ${pages}`),
  };
}
type Measured = Awaited<ReturnType<typeof measured>>;
/** Read seldom, so that they stay as they are for the rest of the test. */
const seldom = ['statement', 'table', 'index', 'wal', 'io', 'relation_size', 'wraparound'];

interface Live {
  readonly howdah: Howdah;
  readonly page: Page;
  readonly client: Client;
  readonly admin: pg.Client;
  /** Of the recording. */
  readonly id: string;
  readonly before: Measured;
  readonly after: Measured;
  /** Between the two readings, by the server's clock. */
  readonly turnMs: number;
}

test('every page of a live server tells what the server tells, and its saved copy the same', async ({
  howdah,
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const admin = await connected(sampleServer().url, 'e2e admin');
  const witness = await connected(sampleServer().url, 'e2e witness');
  try {
    // Also after a test that was ended in the middle.
    for (const sql of traces.unmake.slice(1)) await admin.query(sql).catch(() => undefined);
    for (const sql of traces.make) await admin.query(sql);
    // The text of a statement is fetched once, when recording begins.
    await admin.query(calledSeven, [0]);
    const connectionId = await howdah.connect(page, asOwner(), { name: 'sample' });
    const client = await howdah.client(page);
    await planBackup(client, connectionId);
    await page.reload();
    await page.getByRole('button', { name: 'Servers and monitoring' }).click();
    await page.getByRole('button', { name: 'Begin recording' }).click();
    await expect(page.getByRole('region', { name: 'At a glance' })).toContainText('Health');
    await expect(page.getByRole('contentinfo')).toContainText('Recording 1 server');
    const [recording] = await client.recordings.list();
    const id = recording?.id ?? '';

    await test.step('sessions: one as the server has it; blocked ones, and one that is ended', async () => {
      const pid = await told(witness, 'pg_backend_pid()');
      witness.query('select pg_sleep(600)').catch(() => undefined);
      await go(page, 'Sessions');
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('e2e witness');
      const first = grid(page, 'Sessions').getByRole('row').nth(1);
      await expect(first).toContainText(pid);
      await expect(first).toContainText('PgSleep');
      await endBlocker(page);
    });
    const live = await test.step('what is done between two readings', async (): Promise<Live> => {
      await readAfter(client, id, [...seldom, 'database_size'], 1);
      const before = await measured(admin);
      for (let call = 0; call < 7; call++) await admin.query(calledSeven, [call]);
      await admin.query(`insert into e2e_live.grown ${words(3000)}`);
      await admin.query('delete from e2e_live.emptied where id % 2 = 0');
      await admin.query('vacuum e2e_live.emptied');
      await admin.query("alter system set deadlock_timeout = '900ms'");
      await admin.query('select pg_reload_conf()');
      const after = await measured(admin);
      // Stretches end at whole seconds: one lies between what was read before and what is read anew.
      const readMs = Math.max(
        ...(await Promise.all(seldom.map((name) => recorded(client, id, name)))).map((each) => each.atMs),
      );
      await expect.poll(() => Math.floor(Date.now() / 1000) * 1000).toBeGreaterThanOrEqual(readMs);
      const turnMs = await readAnew(admin, owner);
      await readAfter(client, id, seldom, turnMs);
      return { howdah, page, client, admin, id, before, after, turnMs };
    });
    await test.step('statements: calls and time', () => statements(live));
    await test.step('overview: connections against their limit, objects, the next backup', () => overview(live));
    await test.step('objects and sizes: the largest, growth, bloat, vacuum, wraparound', () => objects(live));
    await test.step('WAL and I/O', async () => {
      await go(page, 'Replication and I/O');
      await section(page, 'WAL and checkpoints');
      const written = page.getByRole('slider', { name: 'WAL written: time cursor' });
      await expect(written).toHaveAttribute('aria-valuetext', /B\/s/);
      await section(page, 'I/O');
      await expect(grid(page, 'I/O by process and context').getByRole('row').nth(1)).toContainText(/\d.*\/s/);
    });
    await test.step('settings and changes', () => settings(live));
    await test.step('the recorder: what it costs, keeps and missed', () => recorder(live));
    await test.step('two stretches compared', () => compare(live));
    await test.step('the saved copy tells the same', () => sameInCopy(live));
    await test.step('a role that may see little, and a recorder that is stopped', () => littleSeen(live));
  } finally {
    for (const sql of traces.unmake) await admin.query(sql).catch(() => undefined);
    await Promise.allSettled([admin.end(), witness.end()]);
  }
});

const planBackup = (client: Client, connectionId: string) =>
  client.backups.saveSchedule({
    id: null,
    name: 'yearly',
    connectionId,
    database: 'sample',
    // Far away, so that it is told in days, and never due.
    cron: `30 4 1 ${((new Date().getMonth() + 6) % 12) + 1} *`,
    choice: { rows: 'all', jobs: 1, level: 3 },
    keep: { last: 7, days: 0, weeks: 0, months: 0 },
    enabled: true,
    drill: false,
    notify: 'failures',
    webhook: null,
  });

async function statements({ page, client, id, before, after }: Live): Promise<void> {
  await go(page, 'Statements');
  await page.getByRole('searchbox', { name: 'Search statements' }).fill('e2e_called_seven_times');
  const cells = grid(page, 'Statements').getByRole('row').nth(1).getByRole('gridcell');
  await expect(cells.nth(5)).toHaveText('7');
  const range = { fromMs: Date.now() - 900_000, toMs: Date.now() + 60_000 };
  const question = { id, ...range, order: 'calls', limit: 10, search: 'e2e_called_seven_times' } as const;
  const [found] = (await client.monitor.statements(question)).statements;
  // Times are kept in whole microseconds.
  expect(Math.abs((found?.totalMs ?? 0) - (after.spentMs - before.spentMs))).toBeLessThan(0.002);
  await expect(cells.nth(3)).toHaveText(shown(found?.totalMs ?? 0, 'ms'));
  await expect(page.locator('#page')).toContainText(/% covered/);
}

async function overview({ page, client, admin, id }: Live): Promise<void> {
  await go(page, 'Overview');
  const glance = page.getByRole('region', { name: 'At a glance' });
  await expect(glance).toContainText(`of ${await told(admin, "current_setting('max_connections')")}`);
  // The structure is read out of an allowance, which a slow machine has spent by then: it need not be there.
  await telling(glance, async () => {
    const { kinds, databases } = await client.monitor.objects({ id, atMs: Date.now() + 1_000 });
    const objects = kinds.reduce((sum, { count }) => sum + count, 0);
    return databases > 0 ? `Objects${objects.toLocaleString('en')}` : 'Tables';
  });
  await telling(glance, async () => {
    const [schedule] = await client.backups.schedules();
    return `Next backupin ${shown((schedule?.nextMs ?? 0) - Date.now(), 'ms')}yearly`;
  });
}

async function settings({ page, admin }: Live): Promise<void> {
  await go(page, 'Settings and changes');
  const change = grid(page, 'Changes').getByRole('row').filter({ hasText: 'deadlock_timeout' });
  await expect(change).toContainText('1000');
  await expect(change).toContainText('900');
  await section(page, /^Settings/);
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('deadlock_timeout');
  const value = (await told(admin, "current_setting('deadlock_timeout')")).replace('ms', ' ms');
  await expect(grid(page, 'Settings').getByRole('row').nth(1)).toContainText(value);
  await section(page, 'Two times compared');
  await expect(page.getByRole('tabpanel', { name: 'Two times compared' })).toContainText('The beginning of what');
}

async function littleSeen({ howdah, page }: Live): Promise<void> {
  const url = new URL(sampleServer().url);
  [url.username, url.password] = ['e2e_plain', 'plain'];
  await howdah.connect(page, url.href, { name: 'plain' });
  await page.reload();
  await page.getByRole('button', { name: 'Servers and monitoring' }).click();
  await page.getByRole('button', { name: 'Begin recording' }).click();
  await go(page, 'Sessions');
  await page.getByRole('button', { name: 'Show the SQL that brings it' }).click();
  await expect(page.locator('#page')).toContainText('GRANT pg_monitor TO e2e_plain;');
  // Of others it is seen that they are there.
  await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('e2e witness');
  await expect(grid(page, 'Sessions').getByRole('row').nth(1)).toContainText('not visible');
  await page.getByRole('button', { name: 'Recording', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Stop recording' }).click();
  await expect(page.getByRole('button', { name: 'Go on recording' })).toBeVisible();
  await expect(grid(page, 'Sessions').getByRole('row').nth(1)).toBeVisible();
}

async function endBlocker(page: Page): Promise<void> {
  const { pid, waiting, end } = await blockedPair();
  await go(page, 'Locks');
  const tree = page.getByRole('tree', { name: 'Who blocks whom' });
  const root = tree.getByRole('treeitem', { level: 1 }).filter({ hasText: 'e2e blocker' });
  await expect(root).toContainText('idle in transaction');
  await expect(root).toContainText(String(pid));
  await root.click();
  await expect(page.getByText(/^Ending session \d+ frees 1 session that/)).toBeVisible();
  await page.getByRole('button', { name: 'Terminate…' }).click();
  const dialog = page.getByRole('dialog', { name: `Terminate session ${pid}?` });
  await expect(dialog).toContainText('is rolled back: what it has written is lost');
  await expect(dialog).toContainText('1 session that waits for it can go on');
  const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
  expect(violations.map((each) => each.id)).toEqual([]);
  await dialog.getByRole('button', { name: 'Terminate session' }).click();
  await expect(dialog).toContainText('The session has ended');
  expect((await waiting).rowCount).toBe(1);
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await end();
}

async function objects({ page, client, admin, id, before, after }: Live): Promise<void> {
  await go(page, 'Objects and sizes');
  const largest = grid(page, 'Largest tables').getByRole('row').filter({ hasText: 'logistics.tracking_event' }).first();
  await expect(largest).toContainText(bytes(await sizeOf(admin, 'logistics.tracking_event')));
  await page.getByRole('radio', { name: 'All', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search tables' }).fill('e2e_live.grown');
  await expect(grid(page, 'All tables').getByRole('row').nth(1)).toContainText(bytes(after.grown));

  await section(page, 'Growth');
  await page.getByRole('combobox', { name: 'Which database' }).selectOption('sample');
  const grown = page.getByRole('slider', { name: 'Size of sample: time cursor' });
  await agreed(async () => {
    const databases = (await recorded(client, id, 'database_size')).rows;
    const own = databases.find((row) => row.name('database') === 'sample')?.value('bytes') ?? -1;
    const now = Number(await told(admin, 'pg_database_size(current_database())'));
    expect(Math.abs(own - now) / now).toBeLessThan(0.05);
    expect(await grown.getAttribute('aria-valuetext')).toContain(`Recorded ${bytes(own)}`);
  });
  await section(page, 'Indexes');
  await expect(page.getByRole('tabpanel', { name: 'Indexes' })).toContainText(/matters? in|for the first time/);
  await section(page, 'Vacuum');
  await expect(grid(page, 'Vacuum queue').getByRole('row').nth(1)).toContainText('%');

  await section(page, 'Bloat');
  const empty = after.pages - Math.ceil((after.rows * before.pages) / before.rows);
  expect(empty / after.pages).toBeGreaterThan(0.4);
  const emptied = grid(page, 'Bloat').getByRole('row').filter({ hasText: 'e2e_live.emptied' });
  await expect(emptied.getByRole('gridcell').nth(1)).toHaveText(bytes(empty * 8192));
  await expect(emptied.getByRole('gridcell').nth(2)).toHaveText(`${Math.round((100 * empty) / after.pages)} %`);

  await section(page, 'Wraparound and sequences');
  const ids = grid(page, 'Limits').getByRole('row').filter({ hasText: 'Transaction ids' }).first();
  await telling(ids, async () => {
    const ages = (await recorded(client, id, 'wraparound')).rows.map((row) => row.value('xid_age') ?? 0);
    return shown(Math.max(...ages), 'count');
  });
}

async function recorder({ page, client, id }: Live): Promise<void> {
  await go(page, 'Recorder');
  await expect(page.getByRole('region', { name: 'The recording' })).toContainText('Recording');
  await page.getByRole('button', { name: 'Burst' }).click();
  await expect(page.getByText('Ten samples a second for 30 s.')).toBeVisible();
  await section(page, 'Own cost');
  await expect(grid(page, 'Own cost')).toContainText('Sessions');
  await section(page, /^Gaps/);
  await telling(page.getByRole('tab', { name: /^Gaps/ }), async () => {
    const { gaps } = await client.monitor.span({ id });
    return `Gaps (${gaps.length})`;
  });
  await section(page, 'What is kept');
  await page.getByRole('textbox', { name: 'Every sample, days' }).fill('7');
  await page.getByRole('button', { name: 'Keep for so long' }).click();
  await expect(page.getByText('Kept for so long from now on.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Every sample, days' })).toHaveValue('7');
}

/** The time since all was read anew with the time before it. */
async function compare({ page, client, id, before, after, turnMs }: Live): Promise<void> {
  const middle = Math.floor(turnMs / 1000) * 1000;
  const { atMs } = await recorded(client, id, 'relation_size');
  const newest = async () => (await client.monitor.span({ id })).toMs ?? 0;
  await expect.poll(newest).toBeGreaterThan(atMs + 2_000);
  // As long as it takes until the sizes have been read again, which may be longer than what is recorded before; charts of
  // more than six minutes are in steps of two seconds.
  const length = Math.min(300_000, (await newest()) - middle - 1000);
  await go(page, 'Compare');
  await showStretch(page, { fromMs: middle, toMs: middle + length });
  await expect(page.getByRole('figure', { name: 'Compared' })).toContainText(/[1-9]\d* % covered/);
  const { shares } = await client.monitor.shares({
    ...{ id, fromMs: middle, toMs: middle + Math.floor(length / 1000) * 1000 },
    ...{ by: 'class', filters: [], background: false, limit: 200 },
  });
  const load = grid(page, 'Load compared');
  for (const share of shares) await expect(load).toContainText(shown(share.average, 'sessions'));
  const panel = (name: string) => page.getByRole('tabpanel', { name });
  await section(page, 'Statements');
  await expect(panel('Statements')).toContainText(/No statement is known of the compared one|pattern/);
  await section(page, 'Sizes');
  const grown = grid(page, 'Sizes compared')
    .getByRole('row')
    .filter({ hasText: 'e2e_live.grown' })
    .getByRole('gridcell');
  await expect(grown.nth(3)).toHaveText(bytes(after.grown));
  await expect(grown.nth(4)).toHaveText(bytes(before.grown));
  await expect(grown.nth(5)).toHaveText(`+${bytes(after.grown - before.grown)}`);
  await section(page, 'Settings');
  const changed = grid(page, 'Settings compared').getByRole('row').filter({ hasText: 'deadlock_timeout' });
  await expect(changed).toContainText('1000 ms');
  await expect(changed).toContainText('900 ms');
  await section(page, 'Findings');
  await expect(page.getByRole('region', { name: 'Scores compared' })).toContainText('In all');
  await sound(page, 'live-compare-findings');
}
