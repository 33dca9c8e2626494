/** Two stretches of one recording, and two recordings, compared: with no server in reach. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateRecording } from '../fixtures/generate-recording.ts';
import { expect, test } from './howdah.ts';
import { fits, go, grid, openRecording, section, sound } from './monitoring.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-compare-'));
const file = (name: string) => join(folder, `${name}.howdah`);

test.beforeAll(() => {
  generateRecording(file('shop-db-1'), { hours: 1, name: 'shop-db-1', active: 6, tables: 20, statements: 30 });
  generateRecording(file('shop-db-2'), {
    hours: 0.5,
    name: 'shop-db-2',
    active: 2,
    tables: 12,
    statements: 6,
    quiet: true,
    seed: 7,
  });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

test('two stretches of a recording, then two recordings, side by side', async ({ howdah: _, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openRecording(page, file('shop-db-2'), 'shop-db-2');
  await openRecording(page, file('shop-db-1'), 'shop-db-1');
  await go(page, 'Activity');
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption('With another stretch…');
  await page.getByRole('button', { name: 'Last 1 h' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Last 15 min' }).click();
  await expect(page.getByRole('combobox', { name: 'Compared stretch' })).toHaveValue('before');
  await expect(page.getByRole('figure', { name: 'Shown' })).toContainText('100 % covered');
  await expect(page.getByRole('figure', { name: 'Compared' })).toContainText('active on average');
  await expect(grid(page, 'Load compared')).toContainText('CPU*');
  await sound(page, 'compare-load-own');

  const recording = page.getByRole('combobox', { name: 'Compared recording' });
  const other = await recording.locator('option', { hasText: 'shop-db-2' }).getAttribute('value');
  await recording.selectOption(other);
  await expect(page.locator('dl[aria-label="Figures compared"]')).toContainText(/Active sessions.*was /);
  await page.getByRole('combobox', { name: 'Split by' }).selectOption('query');
  await expect(grid(page, 'Load compared')).toContainText('date_trunc');
  await sound(page, 'compare-load-other');
  await fits(page, 'Load compared');
  await section(page, 'Statements');
  const statements = grid(page, 'Statements compared');
  await expect(statements.getByRole('row').nth(1)).toContainText(/\/s/);
  await page.getByRole('radio', { name: /^New \d/ }).click();
  await expect(statements.getByRole('row').nth(1)).toContainText('new');
  await page.getByRole('radio', { name: /^All/ }).click();
  await statements.getByRole('row').nth(1).click();
  await expect(page.getByRole('complementary', { name: 'Statement compared' })).toContainText('Buffers a call');
  await sound(page, 'compare-statements');
  await fits(page, 'Statements compared');
  await section(page, 'Sizes');
  await expect(grid(page, 'Sizes compared').getByRole('row').nth(1)).toContainText(/[+−]/);
  await sound(page, 'compare-sizes');
  await fits(page, 'Sizes compared');
  await section(page, 'Settings');
  await expect(page.getByRole('tabpanel', { name: 'Settings' })).toContainText(/work_mem|the same/);
  await sound(page, 'compare-settings');
  await section(page, 'Findings');
  await expect(page.getByRole('region', { name: 'Scores compared' })).toContainText('In all');
  await expect(grid(page, 'Findings compared').getByRole('row').nth(1)).toContainText(/new|gone|warning|notice/);
  await grid(page, 'Findings compared').getByRole('row').nth(1).click();
  await expect(page.getByRole('region', { name: 'Finding', exact: true })).toBeVisible();
  await sound(page, 'compare-findings');
  await fits(page, 'Findings compared');
});
