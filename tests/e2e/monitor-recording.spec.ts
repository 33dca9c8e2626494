/** A recording from elsewhere, looked at with no server in reach: every monitoring page, by mouse and keyboard. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openWriter } from '../../electron/recorder/file/writer.ts';
import { generateRecording } from '../fixtures/generate-recording.ts';
import { expect, test } from './howdah.ts';
import { go, openRecording, sound } from './monitoring.ts';

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
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const charts = (page: Page, name: string) => page.getByRole('slider', { name: `${name}: time cursor` });
const instant = (page: Page) => page.getByRole('button', { name: /^At .*✕$/ });

test('health with its evidence, and from a finding to the page that shows it', async ({ howdah: _, page }) => {
  await openRecording(page, file, 'shop-db-1');
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
  const box = await charts(page, 'Average active sessions').boundingBox();
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

test('the pools that stand between', async ({ howdah: _, page }) => {
  await openRecording(page, file, 'shop-db-1');
  await go(page, 'Sessions');
  const line = page.getByRole('region', { name: 'PgBouncer pools' }).getByRole('button').first();
  await expect(line).toContainText('2 pools · 20 clients at work on 20 server connections');
  await expect(line).toContainText('4 clients waiting, the longest 1.25 s');
  await line.click();
  await expect(page.getByRole('grid', { name: 'PgBouncer pools' })).toContainText('shop_batch');
  await sound(page, 'monitor-pools');
});

test('statements by order, searched, and one over time', async ({ howdah: _, page }) => {
  await openRecording(page, file, 'shop-db-1');
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
