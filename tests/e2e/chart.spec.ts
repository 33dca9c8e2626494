/** The chart instrument alone: one crosshair for all, brush, keyboard, table, files; both themes. */
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type HarnessPage, serveHarness } from './harness/harness-page.ts';

const shots = process.env.HOWDAH_SHOTS;
let harness: HarnessPage;
test.beforeAll(async () => {
  harness = await serveHarness('chart');
});
test.afterAll(() => harness.stop());

const faults: string[] = [];
test.beforeEach(({ page }) => {
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => /Content Security Policy/i.test(message.text()) && faults.push(message.text()));
});
test.afterEach(() => expect(faults.splice(0)).toEqual([]));

const cursor = (page: Page, chart: string) => page.getByRole('slider', { name: `${chart}: time cursor` });
const legend = (page: Page, chart: string) => page.getByRole('figure', { name: chart });

for (const theme of ['light', 'dark'] as const) {
  test(`draws stacks, curves, bars and gaps in the ${theme} theme, and can be read without seeing`, async ({
    page,
  }) => {
    await page.goto(`${harness.url}?theme=${theme}`);
    await cursor(page, 'Average active sessions').hover({ position: { x: 300, y: 80 } });
    await expect(legend(page, 'Written')).toContainText('/s');
    if (shots) await page.screenshot({ path: join(shots, `chart-${theme}.png`) });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((each) => [each.id, each.nodes.map((node) => node.html)])).toEqual([]);
  });
}

test('one crosshair for all charts, a click pins, the arrow keys step, Escape lets go', async ({ page }) => {
  await page.goto(harness.url);
  const first = cursor(page, 'Average active sessions');
  const second = cursor(page, 'Written');
  const shown = async () => Number(await second.getAttribute('aria-valuenow'));
  await expect(second).toHaveAttribute('aria-valuenow', /\d/);
  const newest = await shown();
  await first.click({ position: { x: 300, y: 80 } });
  // The other chart follows with its next frame.
  await expect.poll(shown).toBeLessThan(newest);
  const pinned = await shown();
  await expect(second).toHaveAttribute('aria-valuetext', /shop\.orders .*\/s/);
  await first.press('ArrowRight');
  await expect(second).toHaveAttribute('aria-valuenow', String(pinned + 15_000));
  await first.press('Shift+ArrowLeft');
  await expect(second).toHaveAttribute('aria-valuenow', String(pinned - 135_000));
  await first.press('Escape');
  await expect(second).toHaveAttribute('aria-valuenow', String(newest));
});

test('a brushed stretch is asked for, and a series can be hidden', async ({ page }) => {
  await page.goto(harness.url);
  await expect(cursor(page, 'Written')).toHaveAttribute('aria-valuenow', /\d/);
  const box = await cursor(page, 'Written').boundingBox();
  if (!box) throw new Error('no chart');
  await page.mouse.move(box.x + 200, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 400, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => page.evaluate(() => window.chartHarness.zooms.length)).toBe(1);
  const [zoom] = await page.evaluate(() => window.chartHarness.zooms);
  const perPixel = (300 * 15_000) / box.width;
  expect(((zoom?.toMs ?? 0) - (zoom?.fromMs ?? 0)) / perPixel).toBeCloseTo(200, 0);
  const button = legend(page, 'Written').getByRole('button', { name: /shop\.orders/ });
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await expect(cursor(page, 'Written')).not.toHaveAttribute('aria-valuetext', /shop\.orders /);
});

test('the numbers as a table, as CSV and as a picture; hidden characters are shown', async ({ page }) => {
  await page.goto(harness.url);
  const more = page.getByRole('button', { name: 'More about Written' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Save as PNG…' }).click();
  await more.click();
  await page.getByRole('menuitem', { name: 'Save as CSV…' }).click();
  await expect.poll(() => page.evaluate(() => window.chartHarness.files.length)).toBe(2);
  const [png, csv] = await page.evaluate(() => window.chartHarness.files);
  expect(png?.text.slice(1, 4)).toBe('PNG');
  expect(csv?.text.split('\n')[0]).toBe('time,covered_ms,shop.orders,shop.order_lines,a<b>\u202ename');
  expect(csv?.text.split('\n')).toHaveLength(302);
  expect(csv?.text.split('\n')[121]).toMatch(/Z,0,,,$/);
  await more.click();
  await page.getByRole('menuitemcheckbox', { name: 'Show as a table' }).click();
  const table = page.getByRole('region', { name: 'Written, as a table' });
  await expect(table.getByRole('columnheader').last()).toHaveText('a<b><U+202E>name');
  await expect(table.getByRole('row')).toHaveCount(301);
});
