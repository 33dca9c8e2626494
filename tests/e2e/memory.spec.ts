/** What the recorder remembers stands beside the statements, with the server away; a press tells the rest. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { generateRecording } from '../fixtures/generate-recording.ts';
import { expect, fromPalette, type Howdah, openQuery, sampleServer, test, writeSql } from './howdah.ts';

/** Monaco draws a long note in several pieces; the first of each tells the calls. */
const notes = (page: Page) => page.locator('.sql-editor .statement-note').filter({ hasText: /calls.a.day/ });
const script = [
  'select * from customers',
  'where id = 4711;',
  '',
  'update stock set quantity = quantity - 2 where product_id = 5 and warehouse_id = 1;',
  '',
  'select 1;',
].join('\n');

/** A connection whose server is gone, and what was recorded of it. */
async function openOffline(page: Page, howdah: Howdah): Promise<void> {
  const connectionId = await howdah.connect(page, 'postgres://postgres@127.0.0.1:1/shop', { name: 'away' });
  const folder = join(howdah.dataFolder, 'recordings');
  mkdirSync(folder, { recursive: true });
  generateRecording(join(folder, `${connectionId}.howdah`), { hours: 0.5, connectionId, name: 'away' });
  await page.reload();
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: 'away' })
    .first()
    .dblclick();
  await page.locator('.sql-editor .view-lines').waitFor();
}

for (const theme of ['light', 'dark'] as const) {
  test(`figures beside each statement, offline, ${theme}`, async ({ howdah, page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await openOffline(page, howdah);
    await writeSql(page, script);
    await expect(notes(page)).toHaveCount(2);
    await expect(notes(page).first()).toContainText(/calls.a.day.*mean.*p95/);
    await page.screenshot({ path: `out/shots/memory-${theme}.png` });
    // What the words mean is said over them; and who cannot see them hears them below the text.
    await notes(page).first().hover();
    await expect(page.locator('.monaco-hover:visible')).toContainText(/press/i);
    const heard = page.getByRole('list', { name: 'Remembered of the statements' }).getByRole('listitem');
    await expect(heard).toHaveCount(2);
    await expect(heard.first()).toHaveText(/line 1.*calls a day/);

    // What is typed at the end of the line stands before the words; the text itself has none of them.
    await page.locator('.sql-editor .view-lines').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+Shift+Y');
    await expect(page.getByRole('complementary', { name: 'Statement' })).toContainText('SELECT * FROM customers');
    await page.screenshot({ path: `out/shots/memory-page-${theme}.png` });
  });
}

test('a press on the words opens the statement; the switch takes them away', async ({ howdah, page }) => {
  await openOffline(page, howdah);
  await writeSql(page, script);
  await notes(page).nth(1).click();
  await expect(page.getByRole('complementary', { name: 'Statement' })).toContainText('UPDATE stock');
  await page.keyboard.press('Control+,');
  const shown = page.getByRole('checkbox', { name: /Show beside each statement/ });
  await shown.click();
  await expect(shown).not.toBeChecked();
  await page.getByRole('tab', { name: /^Query/ }).click();
  await expect(page.locator('.sql-editor .view-lines')).toContainText('customers');
  await expect(notes(page)).toHaveCount(0);
});

/** The sample that runs for all tests, as this Howdah's own. */
async function openSample(page: Page, howdah: Howdah): Promise<void> {
  symlinkSync(sampleServer().folder, join(howdah.dataFolder, 'sample'), 'junction');
  await fromPalette(page, 'Open the sample');
  await expect(page.getByRole('contentinfo')).toContainText('No transaction', { timeout: 60_000 });
}

test('a plan says what an index would do', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample', environment: 'production' });
  await openQuery(page, 'sample');
  await writeSql(page, "select * from shop.customer_order where status = 'shipped' and customer_id = 3");
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+e');
  // A plan of production has its edge, as the tab it came from.
  await expect(page.getByRole('tab', { name: /^Plan/ }).locator('..').locator('.bg-danger')).toBeVisible();
  await page.getByRole('tab', { name: 'What if' }).click();
  await page
    .getByRole('textbox', { name: 'Indexes that might be' })
    .fill('create index on shop.customer_order (status)');
  await page.getByRole('button', { name: 'Plan with them' }).click();
  // Nobody has opened the sample in this Howdah, and the sample has no HypoPG: the way out is said.
  await expect(page.locator('#page')).toContainText('Open the sample database once');

  // Opened, it does that: of a server with all partitions of the table.
  await openSample(page, howdah);
  await page.getByRole('tab', { name: /^Plan/ }).click();
  await page.getByRole('button', { name: 'Plan with them', exact: true }).click();
  const answer = page.getByRole('region', { name: 'With the indexes' });
  await expect(answer).toContainText(
    /with the statistics and planner settings of the server \(2\d tables and partitions\)/,
  );
  const indexes = answer.getByRole('list', { name: 'Indexes' });
  await expect(indexes).toContainText(/used.*about .*B/);
  await page.getByRole('textbox', { name: 'Indexes that might be' }).fill('create index on shop.nothing (id)');
  await page.getByRole('button', { name: 'Plan with them', exact: true }).click();
  await expect(page.locator('#page')).toContainText('relation "shop.nothing" does not exist');
  await expect(answer).toBeHidden();
});

/** Opens a recording at a statement that it knows. */
async function openRecording(page: Page, howdah: Howdah): Promise<void> {
  const folder = join(howdah.dataFolder, 'elsewhere');
  mkdirSync(folder);
  const file = join(folder, 'shop.howdah');
  generateRecording(file, { hours: 0.2, name: 'shop-db-1' });
  const chooser = page.waitForEvent('filechooser');
  await fromPalette(page, 'Open a recording');
  await (await chooser).setFiles(file);
  await page.getByRole('navigation', { name: 'Monitoring pages' }).getByRole('button', { name: 'Statements' }).click();
  await page.getByRole('grid', { name: 'Statements' }).getByText('SELECT * FROM customers').first().click();
}

test('a query tab of a recording completes from it and says that it runs nothing', async ({ howdah, page }) => {
  await openRecording(page, howdah);
  const details = page.getByRole('complementary', { name: 'Statement' });
  await expect(details.getByRole('button', { name: 'Explain' })).toBeVisible();
  await details.getByRole('button', { name: 'Open in a query tab' }).click();
  await expect(page.locator('#page')).toContainText('Completes, remembers and explains from the recording shop-db-1');
  await expect(notes(page)).toHaveCount(1);
  await writeSql(page, 'select * from warehou');
  // What the recording knows comes some time after the tab.
  let patienceMs = 750;
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Space');
    patienceMs *= 2;
    await expect(page.locator('.suggest-widget.visible')).toContainText('warehouses', { timeout: patienceMs });
  }).toPass();
  await page.screenshot({ path: 'out/shots/recorded-completion.png' });
  // The statement is explained from the recording; nobody has opened the sample here, whose server would do it.
  await page.keyboard.press('Escape');
  await writeSql(page, 'select * from warehouses where id = 4');
  await page.getByRole('button', { name: 'Explain statement' }).click();
  await expect(page.locator('#page')).toContainText('A recording is planned with a local PostgreSQL 18');
  await expect(page.getByRole('button', { name: 'Analyze' })).toHaveCount(0);
});

test('a recorded statement is planned from its recording, and so is an index that might be', async ({
  howdah,
  page,
}) => {
  await openSample(page, howdah);
  await openRecording(page, howdah);
  await page.getByRole('complementary', { name: 'Statement' }).getByRole('button', { name: 'Explain on' }).click();
  await page.getByRole('menuitem', { name: 'this recording, without a server' }).click();
  await expect(page.locator('#page')).toContainText('nothing is run, and no server is asked');
  await page.getByRole('tab', { name: 'What if' }).click();
  await expect(page.getByRole('combobox', { name: 'With the tables of' })).toContainText('shop-db-1 (recording)');
  const indexes = page.getByRole('textbox', { name: 'Indexes that might be' });
  await indexes.fill('create index on customers (name)');
  const plan = page.getByRole('button', { name: 'Plan with them', exact: true });
  await plan.click();
  await expect(page.locator('#page')).toContainText('column "name" does not exist');
  await indexes.fill('create index on customers (id)');
  await plan.click();
  const answer = page.getByRole('region', { name: 'With the indexes' });
  await expect(answer.getByRole('list', { name: 'Indexes' })).toContainText('create index on customers (id)');
  await page.screenshot({ path: 'out/shots/what-if-recorded.png' });
});
