/** A recording is brought to a team's database, and a stretch of what lies there comes back and is looked at. */
import AxeBuilder from '@axe-core/playwright';
import pg from 'pg';
import { expect, sampleServer, test } from './howdah.ts';

const shots = process.env.HOWDAH_SHOTS;

test('a second home is chosen, followed, and a stretch is brought back', async ({ howdah, page }) => {
  const admin = new pg.Client({ connectionString: sampleServer().url });
  await admin.connect();
  await admin.query('create database team_home');
  try {
    await howdah.connect(page, sampleServer().url, { name: 'sample' });
    await howdah.connect(page, sampleServer().url.replace(/[^/]+$/, 'team_home'), { name: 'team' });
    await page.reload();
    await page.getByRole('button', { name: 'Servers and monitoring' }).click();
    await page.getByRole('button', { name: 'Begin recording' }).first().click();
    await expect(page.getByRole('contentinfo')).toContainText('Recording 1 server');
    const pages = page.getByRole('navigation', { name: 'Monitoring pages' });
    await pages.getByRole('button', { name: 'Recorder', exact: true }).click();
    await page.getByRole('tab', { name: 'Second home' }).click();

    const form = page.getByRole('form', { name: 'Second home' });
    await form.getByLabel('Also brought to the database of').selectOption({ label: 'team' });
    await form.getByRole('button', { name: 'Bring it there' }).click();
    await expect(form.getByRole('status')).toContainText('it is there', { timeout: 180_000 });
    await page.getByRole('tab', { name: 'What is kept' }).click();
    await page.getByRole('tab', { name: 'Second home' }).click();
    const row = page.getByRole('grid', { name: 'Recordings there' }).getByRole('row').filter({ hasText: 'sample' });
    await row.click();
    const { violations } = await new AxeBuilder({ page }).include('main').analyze();
    expect(violations.map((each) => each.id)).toEqual([]);
    for (const theme of shots ? (['light', 'dark'] as const) : []) {
      await page.emulateMedia({ colorScheme: theme });
      for (const width of [1280, 1024]) {
        await page.setViewportSize({ width, height: 800 });
        await page.screenshot({ path: `${shots}/home-${theme}-${width}.png` });
      }
    }
    // A connection that leads to no PgBouncer is said at once, and nothing is changed by it.
    await page.getByRole('tab', { name: 'Pooler' }).click();
    const pooler = page.getByRole('form', { name: 'Pooler' });
    await pooler.getByLabel('PgBouncer that this connection leads to').selectOption({ label: 'team' });
    await pooler.getByRole('button', { name: 'Record its pools' }).click();
    await expect(pooler).toContainText('database "pgbouncer" does not exist');
    for (const theme of shots ? (['light', 'dark'] as const) : []) {
      await page.emulateMedia({ colorScheme: theme });
      await page.screenshot({ path: `${shots}/pooler-${theme}.png` });
    }
    await page.getByRole('tab', { name: 'Second home' }).click();
    await row.click();
    await page.getByRole('radio', { name: 'All of it' }).click();
    await page.getByRole('button', { name: 'Bring back and open' }).click();
    await expect(page.getByRole('tab', { name: /Activity/ })).toBeVisible();
    await pages.getByRole('button', { name: 'Recorder', exact: true }).click();
    await expect(page.getByRole('region', { name: 'The recording' })).toContainText('Stopped');
  } finally {
    await admin.query('drop database team_home with (force)');
    await admin.end();
  }
});
