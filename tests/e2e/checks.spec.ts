/** What is wrong with a statement is said while it is typed, walked through by key, and mended by one. */
import type { Page } from '@playwright/test';
import { expect, fromPalette, openQuery, sampleServer, test, writeSql } from './howdah.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const shownText = async (page: Page) => plain(await page.locator('.sql-editor .view-lines').innerText());
const problems = (page: Page) => page.getByRole('list', { name: 'Problems' });

test.beforeEach(async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
});

for (const theme of ['light', 'dark'] as const) {
  test(`problems are listed, walked through and mended, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await writeSql(
      page,
      [
        'select c.emial, o.status from shop.customer c',
        'join shop.customer_order o on o.customer_id = c.id',
        'where o.placed_at = null;',
        '',
        'delete from shop.review;',
        '',
        "select id + 'x' from shop.customer;",
        '',
        'create index on shop.customer (born_on);',
        '',
        'selct 1;',
      ].join('\n'),
    );
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /Problems/ }).click();
    await expect(problems(page)).toContainText('customer has no column emial');
    await expect(problems(page)).toContainText('= NULL is never true');
    await expect(problems(page)).toContainText('every row of review is deleted');
    await expect(problems(page)).toContainText('Nobody can write to customer while the index is built');
    await expect(problems(page)).toContainText('Did you mean select?');
    await expect(problems(page)).toContainText('Invalid input syntax for type bigint');
    await page.screenshot({ path: `out/shots/checks-list-${theme}.png` });

    await page.locator('.sql-editor .view-lines').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('F8');
    await expect(page.locator('.monaco-hover:visible').first()).toContainText('Did you mean email?');
    await page.screenshot({ path: `out/shots/checks-hover-${theme}.png` });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+Enter');
    const menu = page.locator('.action-widget').first();
    await expect(menu).toContainText('Write email');
    await page.screenshot({ path: `out/shots/checks-fix-${theme}.png` });
    await page.keyboard.press('Enter');
    await expect.poll(() => shownText(page)).toContain('select c.email, o.status');

    await problems(page).getByRole('button', { name: 'Write IS NULL' }).click();
    await expect.poll(() => shownText(page)).toContain('where o.placed_at is null;');
    await expect(problems(page)).not.toContainText('is never true');
    await problems(page).getByRole('button', { name: 'Write CONCURRENTLY' }).click();
    await expect.poll(() => shownText(page)).toContain('create index concurrently on shop.customer');
  });
}

test('nothing is said of what the tab’s session alone knows', async ({ page }) => {
  await writeSql(page, 'create temp table only_here (one int); select one from only_here');
  await page.keyboard.press('Control+Shift+Enter');
  await expect(page.getByRole('tab', { name: /^Result/ })).toBeVisible();
  await writeSql(page, 'select one from only_here; select * from nowhere_at_all');
  await page.getByRole('tab', { name: /Problems/ }).click();
  await expect(problems(page)).toContainText('There is no table nowhere_at_all');
  await expect(problems(page)).not.toContainText('only_here');
});

test('a check is silenced in the text from the list of fixes', async ({ page }) => {
  await writeSql(page, 'delete from shop.review');
  await page.getByRole('tab', { name: /Problems/ }).click();
  await expect(problems(page)).toContainText('every row of review');
  await page.locator('.sql-editor .view-lines').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Alt+Enter');
  await page.locator('.action-widget').first().getByText('Ignore it here').click();
  await expect.poll(() => shownText(page)).toContain('-- howdah: ignore delete-without-where');
  await expect(page.getByText('No problems found')).toBeVisible();
});

test('formats the statement at the caret, the selection, or all, as the settings say', async ({ page }) => {
  await writeSql(page, 'select a,b from t where x=1 and y=2;\nselect  c from u;');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Shift+Alt+F');
  await expect.poll(() => shownText(page)).toContain('select a, b from t where x = 1 and y = 2;');
  expect(await shownText(page)).toContain('select  c from u;');

  await page.keyboard.press('Control+,');
  await page.getByRole('radio', { name: 'River' }).click();
  await page.getByRole('radio', { name: 'UPPER CASE' }).click();
  await expect(page.getByRole('region', { name: 'Preview of the format' })).toContainText('SELECT c.full_name');
  await page.screenshot({ path: 'out/shots/format-settings.png' });
  await page.getByRole('tab', { name: /Query 1/ }).click();
  await page.locator('.sql-editor .view-lines').click();
  await fromPalette(page, 'format all');
  await expect.poll(() => shownText(page)).toContain('  FROM t');
  expect(await shownText(page)).toContain(' WHERE x = 1');
  expect(await shownText(page)).toContain('SELECT c');
  await page.locator('.sql-editor .view-lines').click();
  await page.keyboard.press('Control+z');
  await expect.poll(() => shownText(page)).toContain('select  c from u;');
});

test('F2 renames an alias and a CTE where they are meant, and nowhere else', async ({ page }) => {
  await writeSql(
    page,
    "with best as (select id from shop.customer c) select c.id, b.id, 'c' as c from best b join shop.customer c on c.id = b.id",
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('End');
  const box = page.locator('.rename-box input');
  for (let step = 0; step < 'b.id'.length; step++) await page.keyboard.press('ArrowLeft');
  let patienceMs = 750;
  const ask = () =>
    expect(async () => {
      await page.keyboard.press('F2');
      patienceMs *= 2;
      await expect(box).toHaveValue('b', { timeout: patienceMs });
    }).toPass();
  await ask();
  await box.fill('c');
  await page.keyboard.press('Enter');
  await expect(page.locator('.monaco-editor-overlaymessage')).toContainText('c is the name of another table here.');
  await ask();
  await box.fill('x');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => shownText(page))
    .toContain(
      "with best as (select id from shop.customer c) select c.id, x.id, 'c' as c from best x join shop.customer c on c.id = x.id",
    );
});
