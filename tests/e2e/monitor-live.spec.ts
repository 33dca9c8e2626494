/** A live server, watched while the sample's workload runs; and its saved copy, which must tell the same numbers. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { createWorkload } from '../../electron/features/sample/workload/workload.ts';
import type { Client } from '../../shared/api.ts';
import { expect, sampleServer, test } from './howdah.ts';
import { go } from './monitoring.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const workload = createWorkload(quiet);

test.beforeAll(async () => {
  const { host, port, user, password, database } = new pg.Client({ connectionString: sampleServer().url });
  await workload.start({ host, port, user: user ?? '', password: password ?? '', database: database ?? '' });
});
test.afterAll(() => workload.stop());

/** A session that keeps a row, and one that waits for it. */
async function blockedPair() {
  const connect = async (name: string) => {
    const client = new pg.Client({ connectionString: sampleServer().url, application_name: name });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const blocker = await connect('e2e blocker');
  const waiter = await connect('e2e waiter');
  await blocker.query('begin; update shop.product set name = name where id = 77');
  const waiting = waiter.query('update shop.product set name = name where id = 77');
  return { waiting, end: () => Promise.allSettled([blocker.end(), waiter.end()]) };
}

test('a server is recorded from the moment one turns to it, on every page, and a blocker is ended', async ({
  howdah,
  page,
}) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await page.reload();
  await page.getByRole('button', { name: 'Servers and monitoring' }).click();
  await page.getByRole('button', { name: 'Begin recording' }).click();
  await expect(page.getByRole('region', { name: 'At a glance' })).toContainText('Health');
  await expect(page.getByRole('contentinfo')).toContainText('Recording 1 server');
  await go(page, 'Activity');
  const load = page.getByRole('grid', { name: 'Activity by wait class' });
  await expect(load.getByRole('row').nth(1)).toContainText('%');

  const { waiting, end } = await blockedPair();
  await go(page, 'Locks');
  const tree = page.getByRole('tree', { name: 'Who blocks whom' });
  const root = tree.getByRole('treeitem', { level: 1 }).filter({ hasText: 'e2e blocker' });
  await expect(root).toContainText('idle in transaction');
  await root.click();
  await expect(page.getByText(/^Ending session \d+ frees 1 session that/)).toBeVisible();
  await page.getByRole('button', { name: 'Terminate…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Terminate session \d+\?/ });
  await expect(dialog).toContainText('is rolled back: what it has written is lost');
  await expect(dialog).toContainText('1 session that waits for it can go on');
  const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
  expect(violations.map((each) => each.id)).toEqual([]);
  await dialog.getByRole('button', { name: 'Terminate session' }).click();
  await expect(dialog).toContainText('The session has ended');
  expect((await waiting).rowCount).toBe(1);
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await end();

  await go(page, 'Sessions');
  const sessions = page.getByRole('grid', { name: 'Sessions' });
  await expect(sessions.getByRole('row').nth(1)).toContainText(/active|idle/);
  await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('e2e blocker');
  await expect(sessions).toContainText('No session fits the filter');
  await page.getByRole('button', { name: 'Hold still' }).click();
  await expect(page.getByRole('button', { name: 'Go with the newest' })).toBeVisible();
  await go(page, 'Statements');
  await expect(page.locator('#page')).toContainText(/% covered/);
});

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

test('the live source and its saved copy tell the same numbers', async ({ howdah, page }) => {
  const connectionId = await howdah.connect(page, sampleServer().url, { name: 'sample' });
  const client = await howdah.client(page);
  const { id } = await client.recordings.start({ connectionId });
  const began = Date.now();
  await expect
    .poll(
      async () => ((await client.monitor.span({ id })).toMs ?? 0) - ((await client.monitor.span({ id })).fromMs ?? 0),
      {
        timeout: 40_000,
      },
    )
    .toBeGreaterThan(8_000);
  const { fromMs, toMs } = await client.monitor.span({ id });
  if (fromMs === null || toMs === null) throw new Error('nothing recorded');
  expect(toMs).toBeGreaterThan(began - 5_000);
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
  expect(asLive['Activity by wait class']).toContain('%');
  expect(asLive.Sessions).toMatch(/active|idle/);
  expect(await screens(page, /Opened file ·/, shown)).toEqual(asLive);
});

/** What the pages of one source say of a stretch: texts of their tables. */
async function screens(page: Page, source: RegExp, { fromMs, toMs }: { fromMs: number; toMs: number }) {
  await page.getByRole('button', { name: 'Servers and monitoring' }).click();
  await page.getByRole('list', { name: 'Recorded servers' }).getByRole('button').filter({ hasText: source }).click();
  await page.getByRole('button', { name: /^Last / }).click();
  await page.getByRole('menuitem', { name: 'From and to…' }).click();
  const local = (ms: number) =>
    new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  await page.getByRole('textbox', { name: 'From' }).fill(local(fromMs));
  await page.getByRole('textbox', { name: 'To' }).fill(local(toMs));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  const told: Record<string, string> = {};
  const read = async (name: string) => {
    const rows = page.getByRole('grid', { name, exact: true });
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
