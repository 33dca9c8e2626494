/** Nothing is lost: tabs, text, caret and layout over a kill; closed tabs; two windows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Howdah, openQuery, sampleServer, test, writeSql } from './howdah.ts';

/** Waits until the texts are on the disk, which a busy machine may take its time for. */
async function kept({ dataFolder }: Howdah, ...texts: readonly string[]): Promise<void> {
  const written = () =>
    Buffer.concat(['howdah.db', 'howdah.db-wal'].map((name) => readFileSync(join(dataFolder, name))));
  await expect.poll(() => texts.filter((text) => !written().includes(text))).toEqual([]);
}

test('what is typed is on the disk by itself, survives kill -9, and nothing of it is run', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
  await writeSql(page, 'select precious, typing');
  await page.keyboard.press('Alt+t');
  await writeSql(page, '-- the second tab\nselect 2');
  await expect(page.getByRole('tab', { name: 'Query 2' })).toHaveAttribute('aria-selected', 'true');
  await kept(howdah, 'select precious, typing', '-- the second tab');
  await howdah.stop('SIGKILL');
  await howdah.start();
  await howdah.open(page);
  await expect(page.getByRole('tab', { name: 'Query 2' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('#page')).toContainText('-- the second tab');
  await page.getByRole('tab', { name: 'Query 1' }).click();
  await expect(page.locator('#page')).toContainText('select precious, typing');
  await expect(page.getByText('No results yet')).toBeVisible();
});

test('a closed tab comes back with its text', async ({ howdah: _, page }) => {
  await page.keyboard.press('Alt+t');
  await writeSql(page, 'select worth_keeping');
  await page.keyboard.press('Alt+w');
  await expect(page.getByRole('tab', { name: /Query/ })).toHaveCount(0);
  await page.keyboard.press('Alt+Shift+t');
  await expect(page.locator('#page').getByText('select worth_keeping')).toBeVisible();
});

test('a second window gets a workspace of its own', async ({ howdah, page }) => {
  await page.keyboard.press('Alt+t');
  await writeSql(page, 'select the_first');
  const second = await page.context().newPage();
  await second.goto(howdah.origin);
  await second.getByRole('heading', { name: 'Howdah' }).waitFor();
  await expect(second.getByText('select the_first')).toHaveCount(0);
  await second.close();
  await kept(howdah, 'select the_first');
  await page.reload();
  await expect(page.locator('#page').getByText('select the_first')).toBeVisible();
});

test('the shown tab stays in sight when the window is made narrower', async ({ howdah: _, page }) => {
  for (let tab = 1; tab <= 9; tab++) {
    await page.keyboard.press('Alt+t');
    await expect(page.getByRole('tab', { name: `Query ${tab}` })).toHaveAttribute('aria-selected', 'true');
  }
  await page.getByRole('tab', { name: 'Query 8' }).click();
  await page.setViewportSize({ width: 1024, height: 700 });
  await expect(page.getByRole('tab', { name: 'Query 8' })).toBeInViewport({ ratio: 0.9 });
});

test('a layout kept from a big window leaves the editor its room in a small one', async ({ howdah: _, page }) => {
  await page.setViewportSize({ width: 2560, height: 1600 });
  await page.keyboard.press('Alt+t');
  const bar = page.getByRole('separator', { name: 'Resize the results' });
  const place = await bar.boundingBox();
  if (!place) throw new Error('there is no bar');
  await page.mouse.move(place.x + 200, place.y + 2);
  await page.mouse.down();
  await page.mouse.move(place.x + 200, 300);
  await page.mouse.up();
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(bar).toBeInViewport();
  await expect.poll(async () => (await bar.boundingBox())?.y).toBeGreaterThan(150);
});
