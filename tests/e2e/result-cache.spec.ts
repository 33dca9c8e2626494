/** Results that are kept for the same query. */
import { expect, idle, openQuery, sampleServer, test, writeSql } from './howdah.ts';

test('switched on, the same query shows its kept result with its age, until it is refreshed or written to', async ({
  howdah,
  page,
}) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
  await writeSql(
    page,
    'create table if not exists kept_e2e (id int); truncate kept_e2e; insert into kept_e2e values (41)',
  );
  await page.keyboard.press('Control+Shift+Enter');
  await expect(page.getByText('INSERT 0 1')).toBeVisible();

  await page.getByRole('button', { name: 'Timeouts and row limit' }).click();
  await page.getByRole('checkbox', { name: /Keep results of queries/ }).check();
  await expect(page.getByLabel('Not older than')).toHaveValue('5 min');
  await page.keyboard.press('Escape');

  await writeSql(page, 'select id as answer from kept_e2e');
  const run = async () => {
    await idle(page);
    await page.keyboard.press('Control+Enter');
  };
  const grid = page.getByRole('grid');
  const mark = page.getByText(/kept result, .* old/);
  await run();
  await expect(grid).toContainText('41');
  await expect(mark).toHaveCount(0);
  await run();
  await expect(mark).toBeVisible();
  await expect(grid).toContainText('41');
  await page.getByRole('button', { name: 'Refresh', exact: true }).press('Enter');
  await expect(mark).toHaveCount(0);
  // The button is gone; whoever pressed it by key goes on in the rows.
  await expect(grid).toBeFocused();
  await expect(grid).toContainText('41');
  // The button is there when the run has ended.
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(mark).toBeVisible();

  await writeSql(page, 'update kept_e2e set id = 42');
  await run();
  await expect(page.getByText('UPDATE 1')).toBeVisible();
  await writeSql(page, 'select id as answer from kept_e2e');
  await run();
  await expect(grid).toContainText('42');
  await expect(mark).toHaveCount(0);

  await page.keyboard.press('Control+,');
  const settings = page.getByRole('region', { name: 'Kept results' });
  await expect(settings).toContainText('1, ');
  await expect(settings).toContainText('2 of 5');
  await settings.getByRole('button', { name: 'Drop all kept results' }).click();
  await expect(settings).toContainText('0, ');
});
