/** What the tests of the monitoring pages do again and again. */
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './howdah.ts';

/** Where pictures are put, for whoever wants to look at the pages. */
const shots = process.env.HOWDAH_SHOTS;

/** Opens a recording from a file, from the page of all servers; its overview comes to the front. */
export async function openRecording(page: Page, file: string, name: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Servers and monitoring' }).click();
  await page.getByRole('button', { name: 'Open a recording…' }).click();
  await (await chooser).setFiles(file);
  await expect(page.getByRole('tab', { name: `Overview · ${name}` })).toBeVisible();
}

/** To another page of the same source. */
export const go = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Monitoring pages' }).getByRole('button', { name, exact: true }).click();

/** To another section of the page. */
export const section = (page: Page, name: string | RegExp) =>
  page
    .locator('#page')
    .getByRole('tab', { name, exact: typeof name === 'string' })
    .click();

export const grid = (page: Page, name: string) => page.getByRole('grid', { name, exact: true });

/** Nothing keeps anybody from using the page as it stands, in either theme. */
export async function sound(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    if (shots) await page.screenshot({ path: join(shots, `${name}-${colorScheme}.png`) });
    // Between the themes nothing but colours differs.
    const axe = new AxeBuilder({ page });
    const { violations } = await (colorScheme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(
      serious.map((each) => [each.id, each.nodes.map((node) => node.html)]),
      `${name}, ${colorScheme}`,
    ).toEqual([]);
  }
}
