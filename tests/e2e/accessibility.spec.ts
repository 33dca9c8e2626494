/** No serious finding of axe on any page, in either theme. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, intoPalette, openQuery, sampleServer, test, writeSql } from './howdah.ts';

/** What has nothing to do with colours is the same in both themes, and asked in one. */
async function findings(page: Page, colorsOnly: boolean): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'], preload: false });
  if (colorsOnly) axe.withRules(['color-contrast', 'link-in-text-block']);
  const { violations } = await axe.analyze();
  return violations
    .filter((each) => each.impact === 'serious' || each.impact === 'critical')
    .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  const look = (page: Page) => findings(page, colorScheme === 'dark');
  test(`in the ${colorScheme} theme`, async ({ howdah, page }) => {
    await page.emulateMedia({ colorScheme });
    expect(await look(page), 'welcome').toEqual([]);
    await howdah.connect(page, sampleServer().url, {
      name: 'sample',
      color: 'teal',
      environment: 'production',
      group: 'shop',
    });
    await openQuery(page, 'sample');
    await writeSql(page, 'select * from shop.customer limit 200; select 1/0');
    await page.keyboard.press('Control+Shift+Enter');
    await expect(page.getByText('division by zero')).toBeVisible();
    expect(await look(page), 'messages').toEqual([]);
    await page.getByRole('tab', { name: /^Result/ }).click();
    await expect(page.getByRole('grid')).toBeVisible();
    expect(await look(page), 'grid').toEqual([]);
    for (const [place, command] of [
      ['history', 'Query history'],
      ['settings', 'Settings'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: command }).click();
      await expect(page.getByRole('tab', { name: place, exact: false })).toHaveAttribute('aria-selected', 'true');
      expect(await look(page), place).toEqual([]);
    }
    const palette = await intoPalette(page, 'cust');
    expect(await look(page), 'palette').toEqual([]);
    await page.keyboard.press('Escape');
    await expect(palette).toBeHidden();
    await page.getByRole('button', { name: 'New connection' }).first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await look(page), 'connection dialog').toEqual([]);
  });
}
