/** A new user's first minutes: the welcome page, a connection by pasting a URL, a query, its result. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, fromPalette, sampleServer, test, writeSql } from './howdah.ts';

test('opens on a welcome page with the ways in', async ({ howdah: _, page }) => {
  await expect(page.getByRole('heading', { name: 'Howdah' })).toBeVisible();
  for (const way of ['New connection', 'Open the sample', 'Import connections']) {
    await expect(page.locator('#page').getByRole('button', { name: way })).toBeEnabled();
  }
  await expect(page.getByRole('button', { name: /Open a recording/ })).toBeEnabled();
  await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/(index\.html)?$/);
});

test('a URL pasted, tested and saved leads to rows', async ({ howdah, page }) => {
  const url = new URL(sampleServer().url);
  await page.locator('#page').getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New connection' });
  await dialog.getByLabel('Paste a URL').fill(url.href);
  await dialog.getByRole('button', { name: 'Fill in' }).click();
  await expect(dialog.getByLabel('Port')).toHaveValue(url.port);
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByText('not encrypted (loopback)').first()).toBeVisible();
  await expect(dialog.getByText(/median/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Create connection' }).click();
  await expect(dialog).toBeHidden();

  const list = page.getByRole('region', { name: 'Connections', exact: true });
  await list.getByRole('button', { name: /sample on/ }).dblclick();
  await expect(page.getByRole('contentinfo')).toContainText('No transaction');
  await writeSql(page, 'select 6 * 7 as answer, null as nothing, $$$$ as empty');
  await page.keyboard.press('Control+Enter');
  const grid = page.getByRole('grid');
  await expect(grid).toContainText('answer');
  await expect(grid).toContainText('42');
  await expect(grid).toContainText('NULL');

  // The password went to the server, and nowhere on the disk.
  const password = decodeURIComponent(url.password);
  for (const file of readdirSync(howdah.dataFolder, { recursive: true, encoding: 'utf8' })) {
    const path = join(howdah.dataFolder, file);
    if (statSync(path).isFile()) expect(readFileSync(path).includes(password), file).toBe(false);
  }
});

test('the palette finds a command, and the theme stays as it was chosen', async ({ howdah: _, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await fromPalette(page, 'dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
