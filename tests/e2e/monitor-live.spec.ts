/**
 * Every monitoring page over a live server while the sample's workload runs: each tells a number that the server or its
 * recording tells too. Then the recording's saved copy, which must tell the same as the live source.
 */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { createWorkload } from '../../electron/features/sample/workload/workload.ts';
import { fewestPages } from '../../renderer/features/monitor/objects/bloat/bloat.ts';
import type { Client } from '../../shared/api.ts';
import { rowsOfTable } from '../../shared/health/evidence.ts';
import { shownAmount } from '../../shared/metrics/units.ts';
import { expect, sampleServer, test } from './howdah.ts';
import { go, grid, section, sound } from './monitoring.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const workload = createWorkload(quiet);

test.beforeAll(async () => {
  const { host, port, user, password, database } = new pg.Client({ connectionString: sampleServer().url });
  await workload.start({ host, port, user: user ?? '', password: password ?? '', database: database ?? '' });
});
test.afterAll(() => workload.stop());

const bytes = (value: number) => shownAmount(value, { unit: 'bytes' });

async function connected(name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: sampleServer().url, application_name: name });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A session that keeps a row, and one that waits for it. */
async function blockedPair() {
  const blocker = await connected('e2e blocker');
  const waiter = await connected('e2e waiter');
  const { rows } = await blocker.query<{ pid: number }>('select pg_backend_pid() as pid');
  await blocker.query('begin; update shop.product set name = name where id = 77');
  const waiting = waiter.query('update shop.product set name = name where id = 77');
  return { pid: rows[0]?.pid, waiting, end: () => Promise.allSettled([blocker.end(), waiter.end()]) };
}

/** How often each of these collectors has read at least; their numbers are in the file by then. */
async function readings(client: Client, id: string, wanted: readonly string[]): Promise<number> {
  const { toMs } = await client.monitor.span({ id });
  const { collectors } = await client.recordings.cost({ id, fromMs: 0, toMs: (toMs ?? 0) + 60_000 });
  const runs = new Map(collectors.map(({ collector, runs }) => [collector, runs]));
  return Math.min(...wanted.map((each) => runs.get(each) ?? 0));
}
const slow = ['catalog', 'relation_size', 'database_size', 'sequence'];
const quick = ['settings', 'statement', 'slot', 'wal', 'io'];

/** A family's rows as the recording has them by now. */
async function recorded(client: Client, id: string, family: string) {
  const toMs = Date.now() + 1_000;
  return rowsOfTable(await client.monitor.table({ id, fromMs: toMs - 900_000, toMs, family }));
}

/** What the test leaves at the server, and takes away again. */
const traces = {
  make: [
    "select pg_create_physical_replication_slot('e2e_slot', true)",
    "create role e2e_plain login password 'plain'",
  ],
  unmake: [
    'alter system reset deadlock_timeout',
    'select pg_reload_conf()',
    "select pg_drop_replication_slot('e2e_slot')",
    'drop role e2e_plain',
  ],
};

test('every page of a live server tells what the server tells, and its saved copy the same', async ({
  howdah,
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const admin = await connected('e2e admin');
  const witness = await connected('e2e witness');
  const told = async (sql: string): Promise<string> => String((await admin.query(`select (${sql}) as it`)).rows[0].it);
  try {
    for (const sql of traces.make) await admin.query(sql);
    const connectionId = await howdah.connect(page, sampleServer().url, { name: 'sample' });
    const client = await howdah.client(page);
    await client.backups.saveSchedule({
      id: null,
      name: 'nightly',
      connectionId,
      database: 'sample',
      cron: '30 * * * *',
      choice: { rows: 'all', jobs: 1, level: 3 },
      keep: { last: 7, days: 0, weeks: 0, months: 0 },
      enabled: true,
      drill: false,
      notify: 'failures',
      webhook: null,
    });
    await page.reload();

    await page.getByRole('button', { name: 'Servers and monitoring' }).click();
    await page.getByRole('button', { name: 'Begin recording' }).click();
    const glance = page.getByRole('region', { name: 'At a glance' });
    await expect(glance).toContainText('Health');
    await expect(page.getByRole('contentinfo')).toContainText('Recording 1 server');
    const [recording] = await client.recordings.list();
    const id = recording?.id ?? '';

    await test.step('sessions: a session as the server has it; blocked ones, and one that is ended', async () => {
      const pid = (await witness.query('select pg_backend_pid() as pid')).rows[0].pid;
      const asleep = witness.query('select pg_sleep(600)');
      asleep.catch(() => undefined);
      await go(page, 'Sessions');
      const sessions = grid(page, 'Sessions');
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('e2e witness');
      await expect(sessions.getByRole('row').nth(1)).toContainText(String(pid));
      await expect(sessions.getByRole('row').nth(1)).toContainText('PgSleep');
      await endBlocker(page);
    });

    await test.step('what was read twice: after a lost connection everything is read again', async () => {
      await expect.poll(() => readings(client, id, [...slow, ...quick]), { timeout: 60_000 }).toBeGreaterThan(0);
      for (let call = 0; call < 7; call++) await admin.query('select $1::int as e2e_called_seven_times', [call]);
      await admin.query("alter system set deadlock_timeout = '900ms'");
      await admin.query('select pg_reload_conf()');
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'howdah monitor'",
      );
      await expect.poll(() => readings(client, id, quick), { timeout: 60_000 }).toBeGreaterThan(1);
    });

    await test.step('statements: calls and time as the server counted them', async () => {
      await go(page, 'Statements');
      await page.getByRole('searchbox', { name: 'Search statements' }).fill('e2e_called_seven_times');
      const cells = grid(page, 'Statements').getByRole('row').nth(1).getByRole('gridcell');
      await expect(cells.nth(5)).toHaveText('7');
      const ms = Number(
        await told("sum(total_exec_time) from pg_stat_statements where query like '%e2e_called_seven%$1::int%'"),
      );
      await expect(cells.nth(3)).toHaveText(shownAmount(ms, { unit: 'ms' }));
      await expect(page.locator('#page')).toContainText(/% covered/);
    });

    await test.step('overview: connections against their limit, objects, the next backup', async () => {
      await go(page, 'Overview');
      await expect(glance).toContainText(`of ${await told("current_setting('max_connections')")}`);
      const { kinds } = await client.monitor.objects({ id, atMs: Date.now() + 1_000 });
      const objects = kinds.reduce((sum, { count }) => sum + count, 0);
      expect(objects).toBeGreaterThan(100);
      await expect(glance).toContainText(`Objects${objects.toLocaleString('en')}`);
      const [schedule] = await client.backups.schedules();
      const minutes = Math.floor(((schedule?.nextMs ?? 0) - Date.now()) / 60_000);
      await expect(glance).toContainText(
        new RegExp(`Next backup(in (${minutes}|${minutes - 1}) min|in \\d+ s|due now)`),
      );
      await expect(glance).toContainText('nightly');
      await sound(page, 'live-overview');
    });

    await test.step('objects and sizes', () => objects(page, client, id, told));
    await test.step('replication and I/O', async () => {
      await go(page, 'Replication and I/O');
      const [slot] = (await recorded(client, id, 'slot')).filter((row) => row.name('slot_name') === 'e2e_slot');
      await expect(grid(page, 'Replication slots')).toContainText('e2e_slot');
      await expect(grid(page, 'Replication slots')).toContainText(bytes(slot?.value('retained_bytes') ?? -1));
      await expect(page.getByRole('region', { name: 'Standbys' })).toContainText('No standby was connected');
      await sound(page, 'live-replication');
      await section(page, 'WAL and checkpoints');
      const written = page.getByRole('slider', { name: 'WAL written: time cursor' });
      await expect(written).toHaveAttribute('aria-valuetext', /B\/s/);
      await section(page, 'I/O');
      await expect(grid(page, 'I/O by process and context').getByRole('row').nth(1)).toContainText(/\d.*\/s/);
      await sound(page, 'live-io');
    });
    await test.step('settings and changes', async () => {
      await go(page, 'Settings and changes');
      const change = grid(page, 'Changes').getByRole('row').filter({ hasText: 'deadlock_timeout' });
      await expect(change).toContainText('1000');
      await expect(change).toContainText('900');
      await section(page, /^Settings/);
      await page.getByRole('searchbox', { name: 'Search settings' }).fill('deadlock_timeout');
      await expect(grid(page, 'Settings').getByRole('row').nth(1)).toContainText(
        (await told("current_setting('deadlock_timeout')")).replace('ms', ' ms'),
      );
      await section(page, 'Two times compared');
      await expect(page.getByRole('tabpanel', { name: 'Two times compared' })).toContainText('The beginning of what');
    });
    await test.step('the recorder: what it costs, keeps and missed', () => recorder(page, client, id));
    await test.step('two stretches compared', () => compare(page, client, id));
    await test.step('the saved copy tells the same', () => sameInCopy(page, client, id));
    await test.step('a role that may see little, and a recorder that is stopped', async () => {
      const url = new URL(sampleServer().url);
      url.username = 'e2e_plain';
      url.password = 'plain';
      await howdah.connect(page, url.href, { name: 'plain' });
      await page.reload();
      await page.getByRole('button', { name: 'Servers and monitoring' }).click();
      await page.getByRole('button', { name: 'Begin recording' }).click();
      await go(page, 'Sessions');
      await page.getByRole('button', { name: 'Show the SQL that brings it' }).click();
      await expect(page.locator('#page')).toContainText('GRANT pg_monitor TO e2e_plain;');
      await page.getByRole('banner').getByRole('button', { name: 'Recording', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Stop recording' }).click();
      await expect(page.getByRole('button', { name: 'Go on recording' })).toBeVisible();
      await expect(grid(page, 'Sessions').getByRole('row').nth(1)).toBeVisible();
    });
  } finally {
    for (const sql of traces.unmake) await admin.query(sql).catch(() => undefined);
    await Promise.allSettled([admin.end(), witness.end()]);
  }
});

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

async function objects(page: Page, client: Client, id: string, told: (sql: string) => Promise<string>): Promise<void> {
  await go(page, 'Objects and sizes');
  const largest = grid(page, 'Largest tables').getByRole('row').filter({ hasText: 'logistics.tracking_event' }).first();
  await expect(largest).toContainText(bytes(Number(await told("pg_total_relation_size('logistics.tracking_event')"))));
  await section(page, 'Growth');
  const databases = await recorded(client, id, 'database_size');
  const size = databases.reduce((sum, row) => sum + (row.value('bytes') ?? 0), 0);
  const [own] = databases.filter((row) => row.name('database') === 'sample');
  const now = Number(await told('pg_database_size(current_database())'));
  expect(Math.abs((own?.value('bytes') ?? 0) - now) / now).toBeLessThan(0.05);
  const grown = page.getByRole('slider', { name: 'Size of all databases: time cursor' });
  await expect(grown).toHaveAttribute('aria-valuetext', new RegExp(`Recorded ${bytes(size)}`));
  await sound(page, 'live-growth');
  await section(page, 'Indexes');
  await expect(page.getByRole('tabpanel', { name: 'Indexes' })).toContainText(/matters? in/);
  await section(page, 'Vacuum');
  await expect(grid(page, 'Vacuum queue').getByRole('row').nth(1)).toContainText('%');
  await section(page, 'Bloat');
  const large = await Promise.all(
    ['table', 'index'].map(async (family) => {
      const rows = (await recorded(client, id, family)).filter((row) => (row.value('relpages') ?? 0) >= fewestPages);
      return Math.min(50, rows.length);
    }),
  );
  const counted = large.reduce((sum, each) => sum + each, 0);
  await expect(page.getByRole('tabpanel', { name: 'Bloat' })).toContainText(`of the ${counted} largest`);
  await sound(page, 'live-bloat');
  await section(page, 'Wraparound and sequences');
  const ages = (await recorded(client, id, 'wraparound')).map((row) => row.value('xid_age') ?? 0);
  await expect(grid(page, 'Limits').getByRole('row').filter({ hasText: 'Transaction ids' }).first()).toContainText(
    shownAmount(Math.max(...ages), { unit: 'count' }),
  );
}

async function recorder(page: Page, client: Client, id: string): Promise<void> {
  await go(page, 'Recorder');
  await expect(page.getByRole('region', { name: 'The recording' })).toContainText('Recording');
  await page.getByRole('button', { name: 'Burst' }).click();
  await expect(page.getByText('Ten samples a second for 30 s.')).toBeVisible();
  await section(page, 'Own cost');
  await expect(grid(page, 'Own cost')).toContainText('What may be seen');
  await section(page, /^Gaps/);
  const { gaps } = await client.monitor.span({ id });
  await expect(page.getByRole('tab', { name: `Gaps (${gaps.length})` })).toBeVisible();
  await expect(grid(page, 'Gaps').getByRole('row')).toHaveCount(gaps.length + 1);
  await section(page, 'What is kept');
  await page.getByRole('textbox', { name: 'Every sample, days' }).fill('7');
  await page.getByRole('button', { name: 'Keep for so long' }).click();
  await expect(page.getByText('Kept for so long from now on.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Every sample, days' })).toHaveValue('7');
  await sound(page, 'live-retention');
}

/** Shows exactly that stretch. */
async function showStretch(page: Page, { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<void> {
  const local = (ms: number) =>
    new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  await page.getByRole('button', { name: /^Last |^\d.*:\d\d – .*:\d\d$/ }).click();
  await page.getByRole('menuitem', { name: 'From and to…' }).click();
  await page.getByRole('textbox', { name: 'From' }).fill(local(fromMs));
  await page.getByRole('textbox', { name: 'To' }).fill(local(toMs));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
}

/** The time since the changed setting with the time before it. */
async function compare(page: Page, client: Client, id: string): Promise<void> {
  const { fromMs, toMs } = await client.monitor.span({ id });
  const events = await client.monitor.events({ id, fromMs: fromMs ?? 0, toMs: (toMs ?? 0) + 1 });
  const change = events.find(({ subject }) => subject === 'deadlock_timeout');
  const middle = Math.floor((change?.atMs ?? 0) / 1000) * 1000 - 1000;
  const length = Math.min(middle - (fromMs ?? 0), (toMs ?? 0) - middle - 1000);
  await go(page, 'Compare');
  await showStretch(page, { fromMs: middle, toMs: middle + length });
  const figure = page.getByRole('figure', { name: 'Compared' });
  await expect(figure).toContainText(/[1-9]\d* % covered/);
  await expect(grid(page, 'Load compared').getByRole('row').nth(1)).toContainText(/\d/);
  await sound(page, 'live-compare');
  const panel = (name: string) => page.getByRole('tabpanel', { name });
  await section(page, 'Statements');
  await expect(panel('Statements')).toContainText(/No statement is known of the compared one|pattern/);
  await section(page, 'Sizes');
  await expect(panel('Sizes')).toContainText(/No sizes are recorded of the compared stretch|compared \d/);
  await section(page, 'Settings');
  const changed = grid(page, 'Settings compared').getByRole('row').filter({ hasText: 'deadlock_timeout' });
  await expect(changed).toContainText('1000 ms');
  await expect(changed).toContainText('900 ms');
  await section(page, 'Findings');
  await expect(page.getByRole('region', { name: 'Scores compared' })).toContainText('In all');
  await sound(page, 'live-compare-findings');
}

/** All that two recordings answer of the same stretch. */
async function answers(client: Client, id: string, range: { fromMs: number; toMs: number }) {
  const { monitor } = client;
  const question = { id, ...range, by: 'event' as const, filters: [], background: true };
  const atMs = range.toMs - 2_000;
  const [activity, shares, sessions, locks, blocked, blame, statements, connections, databases] = await Promise.all([
    monitor.activity({ ...question, buckets: 20, top: 50 }),
    monitor.shares({ ...question, by: 'query', limit: 100 }),
    monitor.sessions({ id, atMs, idle: true }),
    monitor.locks({ id, atMs }),
    monitor.blocked({ id, ...range, buckets: 20 }),
    monitor.blame({ id, ...range }),
    monitor.statements({ id, ...range, order: 'totalMs', limit: 100 }),
    monitor.series({ id, ...range, family: 'connections', metrics: ['total', 'active'], keys: [], buckets: 20 }),
    monitor.table({ id, ...range, family: 'database' }),
  ]);
  return { activity, shares, sessions, locks, blocked, blame, statements, connections, databases };
}

async function sameInCopy(page: Page, client: Client, id: string): Promise<void> {
  const { fromMs, toMs } = await client.monitor.span({ id });
  if (fromMs === null || toMs === null) throw new Error('nothing recorded');
  expect(toMs).toBeGreaterThan(Date.now() - 10_000);
  // What lies a little back does not change any more.
  const range = { fromMs: Math.floor(fromMs / 1000) * 1000, toMs: Math.floor(toMs / 1000) * 1000 - 1_000 };
  const target = await client.files.chooseSave({ suggestedName: 'copy.howdah', kinds: [] });
  if (!target) throw new Error('no place for the copy');
  await client.recordings.saveCopy({ id, fileToken: target.token, redactTexts: false });
  const copy = await client.recordings.open({ fileToken: target.token });
  const live = await answers(client, id, range);
  expect(live.shares.totalMs).toBeGreaterThan(0);
  expect(live.sessions.sessions.length).toBeGreaterThan(3);
  expect(await answers(client, copy.id, range)).toEqual(live);

  const shown = { fromMs: range.fromMs + 1_000, toMs: range.toMs - 1_000 };
  const asLive = await screens(page, /Recording ·/, shown);
  const byClass = await client.monitor.shares({
    ...{ id, ...shown, by: 'class', filters: [], background: false, limit: 200 },
  });
  expect(byClass.shares.length).toBeGreaterThan(1);
  for (const share of byClass.shares)
    expect(asLive['Activity by wait class']).toContain(shownAmount(share.average, { unit: 'sessions' }));
  expect(asLive.Sessions).toMatch(/active|idle/);
  expect(await screens(page, /Opened file ·/, shown)).toEqual(asLive);
}

/** What the pages of one source say of a stretch: texts of their tables. */
async function screens(page: Page, source: RegExp, stretch: { fromMs: number; toMs: number }) {
  await page.getByRole('button', { name: 'Servers and monitoring' }).click();
  await page.getByRole('list', { name: 'Recorded servers' }).getByRole('button').filter({ hasText: source }).click();
  await showStretch(page, stretch);
  const told: Record<string, string> = {};
  const read = async (name: string) => {
    const rows = grid(page, name);
    await expect(rows.getByRole('row').nth(1)).toBeVisible();
    told[name] = await rows.innerText();
  };
  // Of counters that are read once a minute the live source may know more by now; samples of the past stay as they are.
  await go(page, 'Activity');
  await read('Activity by wait class');
  await page.getByRole('combobox', { name: 'Split by' }).selectOption('query');
  await read('Activity by statement');
  await go(page, 'Sessions');
  await read('Sessions');
  return told;
}
