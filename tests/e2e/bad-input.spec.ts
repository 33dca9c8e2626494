/** What goes wrong is said where it happened, nothing else is disturbed, and server text never becomes a page. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Page } from '@playwright/test';
import { emptyDraft, expect, openQuery, sampleServer, test, writeSql } from './howdah.ts';

async function testOf(page: Page, url: string): Promise<void> {
  await page.getByRole('button', { name: 'New connection' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New connection' });
  await dialog.getByLabel('Paste a URL').fill(url);
  await dialog.getByRole('button', { name: 'Fill in' }).click();
  await dialog.getByRole('button', { name: 'Test connection' }).click();
}

test('a connection that fails says why, at its step', async ({ howdah: _, page }) => {
  const sample = new URL(sampleServer().url);
  const wrong: [string, RegExp][] = [
    [`postgres://postgres:wrong@${sample.host}/sample`, /password/i],
    [`postgres://postgres:${sample.password}@${sample.host}/no_such_database`, /no_such_database/],
    ['postgres://postgres@no-such-host.invalid/postgres', /no-such-host\.invalid/],
    ['postgres://postgres@127.0.0.1:1/postgres', /refused|listening|Nothing/i],
  ];
  for (const [url, said] of wrong) {
    await testOf(page, url);
    const dialog = page.getByRole('dialog', { name: 'New connection' });
    await expect(dialog.getByRole('alert').last()).toContainText(said);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    // What was filled in is not thrown away without a word.
    const discard = page.getByRole('button', { name: /Discard/ });
    await expect(async () => {
      if (await discard.isVisible()) await discard.click({ timeout: 1_000 });
      await expect(dialog).toBeHidden({ timeout: 500 });
    }).toPass();
  }
});

test('a server that is no PostgreSQL is named so', async ({ howdah, page }) => {
  const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const port = (web.address() as { port: number }).port;
  const client = await howdah.client(page);
  const reasons: string[] = [];
  for await (const event of await client.connections.test({ draft: { ...emptyDraft, port }, secrets: {} })) {
    if (event.kind === 'failed' && event.failure.kind === 'connection') reasons.push(event.failure.reason);
  }
  expect(reasons).toEqual(['notPostgres']);
  web.close();
});

test('hostile names and values are text', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: '<img src=x onerror=alert(1)>' });
  await openQuery(page, '<img src=x onerror=alert(1)>');
  await page.evaluate(() => {
    (window as unknown as { hit: number }).hit = 0;
    window.alert = () => {
      (window as unknown as { hit: number }).hit++;
    };
  });
  await writeSql(
    page,
    `select '<img src=x onerror=alert(1)>' as "<b>bold</b>", 1 as "__proto__", 2 as "constructor", 3 as a, 4 as a, E'x\\u202Ey' as bidi`,
  );
  await page.keyboard.press('Control+Enter');
  const grid = page.getByRole('grid');
  await expect(grid).toContainText('<b>bold</b>');
  await expect(grid).toContainText('<img src=x onerror=alert(1)>');
  await expect(grid).toContainText('__proto__');
  await expect(grid).toContainText('constructor');
  expect(await page.locator('img[src=x]').count()).toBe(0);
  await writeSql(
    page,
    `do $$ begin raise exception '<img src=x onerror=alert(1)>' using hint = '<script>alert(1)</script>'; end $$`,
  );
  await page.keyboard.press('Control+Enter');
  // The editor shows these words too, in quotes.
  await expect(page.getByText('<script>alert(1)</script>', { exact: true })).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { hit: number }).hit)).toBe(0);
});

test('a server process that dies under a statement costs that tab a message and nothing else', async ({
  howdah,
  page,
}) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
  await writeSql(page, 'select pg_terminate_backend(pg_backend_pid())');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('contentinfo')).toContainText('Link lost');
  await page.keyboard.press('Alt+t');
  await expect(page.getByRole('contentinfo')).toContainText('No transaction');
  await writeSql(page, "select 'still' as here");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toContainText('still');
});
