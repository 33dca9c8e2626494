/** Completion, hover, signatures and going to a definition, as a person at the keyboard meets them. */
import type { Page } from '@playwright/test';
import { expect, openQuery, sampleServer, test, writeSql } from './howdah.ts';

const list = (page: Page) => page.locator('.suggest-widget.visible');
const rows = (page: Page) => list(page).locator('.monaco-list-row');
const shownText = (page: Page) => page.locator('.sql-editor .view-lines').innerText();
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test.beforeEach(async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
});

/** Types until the list answers with the label: the catalog arrives some time after the tab. */
async function offered(page: Page, label: RegExp): Promise<void> {
  let patienceMs = 750;
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Space');
    patienceMs *= 2;
    await expect(rows(page).filter({ hasText: label }).first()).toBeVisible({ timeout: patienceMs });
  }).toPass();
}

for (const theme of ['light', 'dark'] as const) {
  test(`tables, columns, joins and labels by keyboard, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await writeSql(page, 'select  from shop.customer_order o join ');
    await offered(page, /shop\.customer c on c\.id = o\.customer_id/);
    await page.screenshot({ path: `out/shots/completion-join-${theme}.png` });
    await page.keyboard.type('cus');
    await expect(rows(page).first()).toContainText('shop.customer c on c.id = o.customer_id');
    await page.keyboard.press('Tab');
    await expect
      .poll(async () => plain(await shownText(page)))
      .toContain('join shop.customer c on c.id = o.customer_id');

    await page.keyboard.type(' where o.stat');
    await expect(rows(page).first()).toContainText('status');
    await page.keyboard.press('Tab');
    await page.keyboard.type(' = ');
    await expect(rows(page).first()).toContainText("'cart'");
    await page.keyboard.type('del');
    await expect(rows(page).first()).toContainText("'delivered'");
    await page.keyboard.press('Tab');
    await expect.poll(async () => plain(await shownText(page))).toContain("where o.status = 'delivered'");

    await page.keyboard.press('Home');
    for (let step = 0; step < 'select '.length; step++) await page.keyboard.press('ArrowRight');
    await page.keyboard.type('c.');
    await expect(rows(page).filter({ hasText: 'full_name' })).toBeVisible();
    await page.screenshot({ path: `out/shots/completion-columns-${theme}.png` });
    await page.keyboard.type('fn');
    await expect(rows(page).first()).toContainText('full_name');
    await page.keyboard.press('Tab');
    await expect.poll(async () => plain(await shownText(page))).toContain('select c.full_name from');
  });

  test(`hover, signature and definition, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await writeSql(page, 'select * from shop.customer');
    await offered(page, /customer/);
    await page.keyboard.press('Escape');
    await page.locator('.sql-editor .view-line span', { hasText: 'customer' }).last().hover();
    const hover = page.locator('.monaco-hover:visible').first();
    await expect(hover).toContainText('table shop.customer');
    await expect(hover).toContainText('Personal data');
    await page.screenshot({ path: `out/shots/completion-hover-${theme}.png` });

    await writeSql(page, 'select ');
    await page.keyboard.type('date_trunc(');
    await expect(page.locator('.parameter-hints-widget')).toContainText('date_trunc');
    await page.screenshot({ path: `out/shots/completion-signature-${theme}.png` });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    await writeSql(page, 'select * from shop.customer');
    await page.keyboard.press('Escape');
    // By its key, and by the menu at the pointer.
    if (theme === 'dark') await page.keyboard.press('F12');
    else {
      await page.locator('.sql-editor .view-line span', { hasText: 'customer' }).last().click({ button: 'right' });
      await expect(page.getByRole('menuitem', { name: /^Explain statement/ })).toBeVisible();
      await page.screenshot({ path: 'out/shots/editor-menu.png' });
      await page.getByRole('menuitem', { name: /^Go to the definition/ }).click();
    }
    await expect(page.getByRole('tab', { name: /shop\.customer/ })).toHaveAttribute('aria-selected', 'true');
  });
}

test('a table just made is offered; and all of it again when the server is away', async ({ page, howdah }) => {
  await writeSql(page, 'drop table if exists zebra_crossing; create table zebra_crossing (stripes int)');
  await page.keyboard.press('Control+Shift+Enter');
  await expect(page.getByText('CREATE TABLE').first()).toBeVisible();
  await writeSql(page, 'select * from zebra');
  await offered(page, /zebra_crossing/);
  await page.keyboard.press('Enter');
  await page.keyboard.type(' where str');
  await expect(rows(page).first()).toContainText('stripes');
  await page.keyboard.press('Escape');
  await writeSql(page, 'drop table zebra_crossing');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('log')).toContainText('DROP TABLE');

  // Started again on the same folder: the page has what was kept, before anybody connects.
  await howdah.stop();
  await howdah.start();
  await howdah.open(page);
  await writeSql(page, 'select * from shop.custo');
  await offered(page, /customer_order/);
});

test('at the end of 20,000 statements, too, a column is offered while its name is typed', async ({ page }) => {
  await writeSql(page, 'select 1;\n'.repeat(20_000));
  await page.keyboard.press('Control+End');
  await page.keyboard.type('select * from shop.customer where e');
  // The catalog arrives some time after the tab: the letter is typed again until it is there.
  await expect(async () => {
    await page.keyboard.type('m');
    await expect(rows(page).first())
      .toContainText('email', { timeout: 5_000 })
      .catch(async (thrown) => {
        await page.keyboard.press('Backspace');
        throw thrown;
      });
  }).toPass();
});

test('the keys of a JSON column stand in its quotes, as its values have them', async ({ page }) => {
  await writeSql(page, "select p.attributes->>'' from shop.product p");
  await page.keyboard.press('Home');
  for (let step = 0; step < "select p.attributes->>'".length; step++) await page.keyboard.press('ArrowRight');
  await offered(page, /colour/);
  await expect(rows(page).filter({ hasText: 'colour' }).first()).toContainText(/string/);
  await page.screenshot({ path: 'out/shots/completion-json.png' });
  await page.keyboard.type('colo');
  await expect(rows(page).first()).toContainText('colour');
  await page.keyboard.press('Tab');
  await expect.poll(async () => plain(await shownText(page))).toContain("p.attributes->>'colour' from");
});
