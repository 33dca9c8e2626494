/** Nothing is lost: tabs, text, caret and layout over a kill; closed tabs; two windows. */
import { expect, openQuery, sampleServer, test, writeSql } from './howdah.ts';

test('survives kill -9 with at most a second of typing lost, and runs nothing by itself', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
  await writeSql(page, 'select precious, typing');
  await page.keyboard.press('Alt+t');
  await writeSql(page, '-- the second tab\nselect 2');
  await expect(page.getByRole('tab', { name: 'Query 2' })).toHaveAttribute('aria-selected', 'true');
  // The promise is about time itself: what stood there a second ago is safe.
  await page.waitForTimeout(1000);
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
