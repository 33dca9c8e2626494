/** A recording from elsewhere, looked at with no server in reach: every monitoring page, by mouse and keyboard. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openWriter } from '../../electron/recorder/file/writer.ts';
import { shownInstant } from '../../renderer/chart/time-axis.ts';
import { generateRecording } from '../fixtures/generate-recording.ts';
import { expect, test } from './howdah.ts';
import { agreed, go, grid, openRecording, section, sound } from './monitoring.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-monitor-'));
const file = join(folder, 'shop.howdah');

test.beforeAll(() => {
  const { toMs } = generateRecording(file, { hours: 1, name: 'shop-db-1' });
  const writer = openWriter({ file, name: 'shop-db-1' });
  const pools = [
    { key: ['shop', 'shop_web', 'transaction'], values: [18, 4, 18, 2, 0, 1_250] },
    { key: ['shop', 'shop_batch', 'session'], values: [2, 0, 2, 3, 0, 0] },
  ];
  writer.family({ family: 'pool', atMs: toMs + 2_000, coveredMs: 2_000, flags: [], complete: true, rows: pools });
  writer.tick({
    atMs: toMs + 5_000,
    plannedMs: 1_000,
    weightMs: 1_000,
    tookMs: 1,
    full: true,
    sessions: [],
    locks: null,
  });
  writer.close();
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Of a server that shows little: neither statements nor sizes, and other roles' sessions hidden. */
const scant = join(folder, 'scant.howdah');
test.beforeAll(() => {
  const { fromMs } = generateRecording(scant, {
    hours: 0.1,
    name: 'scant',
    quiet: true,
    withoutStatements: true,
    families: ['connections', 'standby'],
  });
  const writer = openWriter({ file: scant, name: 'scant' });
  const lacking = (name: string, reason: string, sql: string) => ({
    ...{ name, reason, sql, state: 'missing', needsRestart: false },
  });
  const content = [
    lacking('pg_stat_statements', 'It is loaded, but installed nowhere.', 'CREATE EXTENSION pg_stat_statements;'),
    lacking('Sessions of other roles', 'That needs the role pg_monitor.', 'GRANT pg_monitor TO watcher;'),
    lacking('WAL files and temporary files', 'Listing them needs the role pg_monitor.', 'GRANT pg_monitor TO watcher;'),
  ];
  writer.snapshot({ kind: 'capabilities', database: null, atMs: fromMs, content });
  writer.close();
});

const charts = (page: Page, name: string) => page.getByRole('slider', { name: `${name}: time cursor` });
const instant = (page: Page) => page.getByRole('button', { name: /^At .*✕$/ });

test('health with its evidence; charts share a crosshair, zoom by key, and are saved with their gaps', async ({
  howdah: _,
  page,
}) => {
  await openRecording(page, file, 'shop-db-1');
  const at = (name: string) => page.getByRole('figure', { name, exact: true }).locator('[title="At the cursor"]');
  // While the page fills, a chart may move away from under the pointer.
  await agreed(async () => {
    await charts(page, 'Connections').hover({ position: { x: 120, y: 50 } });
    for (const name of ['Average active sessions', 'Connections'])
      await expect(at(name)).not.toHaveText('', { timeout: 1_000 });
    const instantThere = (await at('Connections').textContent()) ?? '';
    await expect(at('Transactions')).toHaveText(instantThere, { timeout: 1_000 });
  });

  const chart = charts(page, 'Average active sessions');
  await chart.focus();
  await page.keyboard.press('-');
  await expect(page.getByRole('button', { name: /–/ })).toBeVisible();
  await page.getByRole('button', { name: 'Show what was shown before' }).click();
  await expect(page.getByRole('button', { name: 'Last 1 h' })).toBeVisible();

  const stretch = page.getByRole('slider', { name: 'Shown stretch of the recording' });
  const words = (await stretch.getAttribute('aria-valuetext')) ?? '';
  await stretch.press('ArrowLeft');
  await expect(stretch).not.toHaveAttribute('aria-valuetext', words);
  await page.getByRole('button', { name: 'Show what was shown before' }).click();
  await expect(stretch).toHaveAttribute('aria-valuetext', words);

  const saved = async (as: string) => {
    await page.getByRole('button', { name: 'More about Average active sessions' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: `Save as ${as}…` }).click();
    return readFileSync(await (await download).path());
  };
  const [head, ...lines] = (await saved('CSV')).toString().trim().split('\n');
  expect(head).toMatch(/^time,covered_ms,CPU\*,/);
  expect(lines).toHaveLength(360);
  const gaps = lines.filter((line) => /Z,0,,*$/.test(line));
  expect(gaps.length).toBeGreaterThan(10);
  expect((await saved('PNG')).subarray(1, 4).toString()).toBe('PNG');

  const findings = page.getByRole('list', { name: 'Findings' });
  await expect(findings.getByRole('listitem').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'At a glance' })).toContainText(/Connections\d+of 200/);
  await expect(page.getByRole('region', { name: 'At a glance' })).toContainText('No backup is planned');
  await page
    .getByRole('navigation', { name: 'Categories' })
    .getByRole('button', { name: /^Connections/ })
    .click();
  await expect(page.locator('#page')).toContainText('Idle in transaction');
  await sound(page, 'monitor-overview');
  await page.getByRole('button', { name: 'Servers and monitoring' }).click();
  await expect(page.getByRole('list', { name: 'Recorded servers' })).toContainText('shop-db-1');
  await expect(page.getByRole('list', { name: 'Recorded servers' })).toContainText(/\d+ findings/);
  await sound(page, 'monitor-servers');
});

test('activity is drilled by clicks down to the single sample', async ({ howdah: _, page }) => {
  await openRecording(page, file, 'shop-db-1');
  await go(page, 'Activity');
  const shares = page.getByRole('grid', { name: 'Activity by wait class' });
  await expect(shares).toContainText('CPU*');
  await sound(page, 'monitor-activity');
  await shares.getByRole('button', { name: 'IO', exact: true }).click();
  await expect(page.getByRole('grid', { name: 'Activity by wait event' })).toContainText('IO:DataFileRead');
  await page.getByRole('button', { name: 'IO:DataFileRead', exact: true }).click();
  const statements = page.getByRole('grid', { name: 'Activity by statement' });
  await expect(statements).toContainText('date_trunc');
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption('before');
  await expect(statements.getByRole('columnheader', { name: 'Change' })).toBeVisible();
  await charts(page, 'Average active sessions').click({ position: { x: 400, y: 60 } });
  await expect(instant(page)).toBeVisible();
  await page.getByRole('radio', { name: /^Sample at/ }).click();
  const sample = page.getByRole('grid', { name: 'Sample' });
  await expect(sample.getByRole('row').nth(1)).toContainText('IO: DataFileRead');
  await page.getByRole('navigation', { name: 'Narrowed to' }).getByRole('button', { name: 'All activity' }).click();
  await expect(sample).toContainText('CPU*');
});

test('a brushed stretch is shown on every page, and gone back from', async ({ howdah: _, page }) => {
  await openRecording(page, file, 'shop-db-1');
  await go(page, 'Activity');
  await expect(grid(page, 'Activity by wait class')).toContainText('CPU*');
  const chart = charts(page, 'Average active sessions');
  await expect(chart).toHaveAttribute('aria-valuetext', /\d/);
  // It has its place once nothing is asked for any more.
  let box = await chart.boundingBox();
  await agreed(async () => {
    const before = box;
    box = await chart.boundingBox();
    expect(box).toEqual(before);
  });
  if (!box) throw new Error('no chart');
  await page.mouse.move(box.x + 100, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 60, { steps: 4 });
  await page.mouse.up();
  const range = page.getByRole('button', { name: /^\d.*:\d\d – .*:\d\d$/ });
  const words = await range.textContent();
  await go(page, 'Locks');
  await expect(range).toHaveText(words ?? '');
  await page.getByRole('button', { name: 'Show what was shown before' }).click();
  await expect(page.getByRole('button', { name: 'Last 1 h' })).toBeVisible();
});

test('one instant for all pages: locks, sessions and their details at a past second', async ({ howdah: _, page }) => {
  await openRecording(page, file, 'shop-db-1');
  await go(page, 'Locks');
  await page.getByRole('tab', { name: 'Who cost whom how much' }).click();
  const blame = page.getByRole('grid', { name: 'Who cost whom how much' });
  await expect(blame).toContainText('public.stock');
  await blame.getByRole('row').nth(1).dblclick();
  await page.getByRole('tab', { name: /^Who blocks whom at/ }).click();
  const tree = page.getByRole('tree', { name: 'Who blocks whom' });
  await expect(tree.getByRole('treeitem', { level: 1 }).first()).toContainText('root');
  await tree.getByRole('treeitem', { level: 1 }).first().click();
  await expect(page.locator('footer').filter({ hasText: 'frees' })).toContainText(
    /frees \d+ sessions? that have waited/,
  );
  await expect(page.getByRole('button', { name: 'Terminate…' })).toBeDisabled();
  await sound(page, 'monitor-locks');
  const words = await instant(page).textContent();
  await go(page, 'Sessions');
  await expect(instant(page)).toHaveText(words ?? '');
  await page.getByRole('radio', { name: 'Blocked', exact: true }).click();
  const sessions = page.getByRole('grid', { name: 'Sessions' });
  await expect(sessions.getByRole('row').nth(1)).toContainText('Lock');
  await sessions.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('complementary', { name: /^Session \d+/ })).toContainText('Blocked by');
  await sound(page, 'monitor-sessions');
});

test('the pools that stand between; statements by order, searched, and one over time', async ({ howdah: _, page }) => {
  await openRecording(page, file, 'shop-db-1');
  await go(page, 'Sessions');
  const line = page.getByRole('region', { name: 'PgBouncer pools' }).getByRole('button').first();
  await expect(line).toContainText('2 pools · 20 clients at work on 20 server connections');
  await expect(line).toContainText('4 clients waiting, the longest 1.25 s');
  await line.click();
  await expect(page.getByRole('grid', { name: 'PgBouncer pools' })).toContainText('shop_batch');
  await sound(page, 'monitor-pools');
  await go(page, 'Statements');
  const statements = page.getByRole('grid', { name: 'Statements' });
  await expect(statements.getByRole('row').nth(1)).toContainText('%');
  await page.getByRole('combobox', { name: 'Top by' }).selectOption('calls');
  await expect(statements.getByRole('columnheader', { name: 'Calls' })).toHaveAttribute('aria-sort', 'descending');
  await page.getByRole('searchbox', { name: 'Search statements' }).fill('materialized');
  await expect(statements.getByRole('row').nth(1)).toContainText('REFRESH MATERIALIZED VIEW');
  await statements.getByRole('row').nth(1).click();
  const details = page.getByRole('complementary', { name: 'Statement' });
  await expect(details.getByRole('figure', { name: 'Mean time of a call' })).toContainText(/\d s/);
  await expect(details.getByRole('region', { name: 'What it waited for' })).toContainText('DataFileRead');
  await page.getByRole('searchbox', { name: 'Search statements' }).fill('');
  await page.getByRole('radio', { name: 'Patterns' }).click();
  await expect(page.locator('#page')).toContainText(/\d patterns · /);
  await charts(page, 'Mean time of a call').click({ position: { x: 100, y: 40 } });
  await expect(statements.getByRole('columnheader', { name: 'Then' })).toBeVisible();
  await sound(page, 'monitor-statements');
});

test('every page looks at the second that was stepped to with the keyboard', async ({ howdah, page }) => {
  await openRecording(page, file, 'shop-db-1');
  const client = await howdah.client(page);
  const [{ id } = { id: '' }] = await client.recordings.list();
  await go(page, 'Activity');
  const chart = charts(page, 'Average active sessions');
  await chart.focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 8; step++) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowLeft');
  // The chart tells its instant with the next frame that is drawn.
  let atMs = 0;
  await agreed(async () => {
    atMs = Number(await chart.getAttribute('aria-valuenow'));
    await expect(instant(page)).toContainText(shownInstant(atMs), { timeout: 1_000 });
  });
  const { fromMs, toMs } = await client.monitor.span({ id });
  // Before the gap, the changed setting and the fight for locks.
  expect((atMs - (fromMs ?? 0)) / ((toMs ?? 0) - (fromMs ?? 0))).toBeLessThan(0.3);

  const everyPage = async (at: number, memory: string) => {
    await go(page, 'Sessions');
    const { sessions, atMs: sampledMs } = await client.monitor.sessions({ id, atMs: at, idle: true });
    const clients = sessions.filter(({ backendType }) => backendType === 'client backend');
    await expect(page.locator('#page')).toContainText(`${clients.length} sessions at ${shownInstant(sampledMs ?? 0)}`);
    await go(page, 'Locks');
    await expect(page.getByRole('tab', { name: `Who blocks whom at ${shownInstant(at)}` })).toBeVisible();
    const { nodes } = await client.monitor.locks({ id, atMs: at });
    const roots = nodes.filter(({ parentId }) => parentId === null).length;
    await expect(page.getByRole('treeitem', { level: 1 })).toHaveCount(roots);
    await go(page, 'Statements');
    const then = grid(page, 'Statements').getByRole('columnheader', { name: 'Then' });
    await expect(then.getByRole('button')).toHaveAttribute('title', `Sessions that were at it at ${shownInstant(at)}`);
    await go(page, 'Objects and sizes');
    const read = await client.monitor.table({ id, fromMs: at - 3_600_000, toMs: at, family: 'relation_size' });
    await expect(page.locator('#page')).toContainText(`read at ${shownInstant(read.atMs ?? 0)}`);
    await go(page, 'Settings and changes');
    await section(page, `Settings at ${shownInstant(at)}`);
    await page.getByRole('radio', { name: 'All', exact: true }).click();
    await expect(grid(page, 'Settings').getByRole('row').filter({ hasText: 'work_mem' })).toContainText(memory);
    return roots;
  };
  expect(await everyPage(atMs, '4 MB')).toBe(0);
  // From a line of the ledger to the middle of the fight.
  await go(page, 'Locks');
  await page.getByRole('tab', { name: 'Who cost whom how much' }).click();
  await grid(page, 'Who cost whom how much').getByRole('row').nth(1).dblclick();
  let later = 0;
  await agreed(async () => {
    later = Number(await charts(page, 'Blocked sessions').getAttribute('aria-valuenow'));
    expect(later).toBeGreaterThan(atMs);
    await expect(instant(page)).toContainText(shownInstant(later), { timeout: 1_000 });
  });
  expect(await everyPage(later, '64 MB')).toBeGreaterThan(0);
});

test('where little may be seen each page says why, and what brings it', async ({ howdah: _, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openRecording(page, scant, 'scant');
  const main = page.locator('#page');
  await go(page, 'Statements');
  await expect(main).toContainText('Estimated from samples');
  await page.getByRole('button', { name: 'Show the SQL that brings it' }).click();
  await expect(main).toContainText('CREATE EXTENSION pg_stat_statements;');
  await sound(page, 'scant-statements');
  await go(page, 'Sessions');
  await page.getByRole('button', { name: 'Show the SQL that brings it' }).click();
  await expect(main).toContainText('GRANT pg_monitor TO watcher;');
  await sound(page, 'scant-sessions');
  await go(page, 'Objects and sizes');
  await expect(main).toContainText('No sizes are recorded of this time');
  await section(page, 'Growth');
  await expect(main).toContainText('No size is recorded yet');
  await section(page, 'Indexes');
  await expect(main).toContainText('The structure of this time is not recorded');
  for (const name of ['Vacuum', 'Bloat']) {
    await section(page, name);
    await expect(page.getByRole('tabpanel', { name })).toContainText('No table is known');
  }
  await section(page, 'Wraparound and sequences');
  await expect(main).toContainText('Nothing is known of ages and sequences at this time');
  await go(page, 'Replication and I/O');
  await expect(grid(page, 'This server as a standby').getByRole('row')).toHaveCount(2);
  await expect(main).toContainText('That needs the role pg_monitor.');
  await sound(page, 'scant-standby');
  await section(page, 'WAL and checkpoints');
  await expect(main).toContainText('Listing them needs the role pg_monitor.');
  await section(page, 'I/O');
  await expect(main).toContainText('the server counts I/O by process from version 16 on');
  await go(page, 'Settings and changes');
  await expect(main).toContainText('Nothing changed in this stretch of time');
  await go(page, 'Compare');
  await section(page, 'Sizes');
  await expect(main).toContainText('No sizes are recorded of the shown stretch');
});
