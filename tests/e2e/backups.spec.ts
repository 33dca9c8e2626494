/** A database backed up, drilled, restored and put on a schedule, as a person does it. */
import { execFileSync } from 'node:child_process';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { startServer } from '../postgres/servers.ts';
import { expect, fromPalette, sampleServer, test } from './howdah.ts';

const open = async (page: Page) => {
  await fromPalette(page, 'Backups');
  await expect(page.getByRole('heading', { name: 'Backups', exact: true })).toBeVisible();
};
const job = (page: Page, title: string) =>
  page.getByRole('list', { name: 'Under way' }).getByRole('listitem').filter({ hasText: title });
const serious = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
    );
/** Pictures for looking at, where a folder for them is given. */
const picture = async (page: Page, name: string) => {
  const folder = process.env.HOWDAH_PICTURES;
  if (!folder) return;
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({ path: `${folder}/${name}-${theme}.png` });
  }
};

/** A database of its own beside the sample: as whole as that, and backed up in a moment. */
async function smallShop(): Promise<string> {
  const client = new pg.Client({ connectionString: sampleServer().url });
  await client.connect();
  await client.query('drop database if exists e2e_restored with (force)');
  await client.query('drop database if exists e2e_shop with (force)');
  await client.query('create database e2e_shop');
  await client.end();
  const url = new URL(sampleServer().url);
  url.pathname = '/e2e_shop';
  const made = new pg.Client({ connectionString: url.href });
  await made.connect();
  await made.query(`create schema shop; create schema archive; create table archive.old (id int);
    create table shop.customer (id int primary key, name text); create table shop.customer_order (id int, customer int references shop.customer);
    insert into shop.customer select i, 'customer ' || i from generate_series(1, 2000) i;
    insert into shop.customer_order select i, i from generate_series(1, 2000) i; create view shop.latest as select * from shop.customer_order`);
  await made.end();
  return url.href;
}

test('backed up, drilled, restored in parts, and planned', async ({ page, howdah }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const url = await smallShop();
  await howdah.connect(page, url, { name: 'Shop' });
  await open(page);
  await expect(page.getByText('No backup yet')).toBeVisible();
  await picture(page, '1-empty');

  await page.getByRole('button', { name: 'Back up a database…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Connection', { exact: true }).selectOption({ label: 'Shop' });
  await dialog.getByRole('radio', { name: 'Some schemas' }).click();
  await expect(dialog.getByRole('group')).toBeVisible();
  await picture(page, '2-dialog');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('radio', { name: 'Whole database' }).click();
  await dialog.getByRole('button', { name: 'Back up now' }).click();
  await expect(job(page, 'Backup of e2e_shop')).toContainText('read back and sound', { timeout: 60_000 });
  const chosen = page.getByRole('region', { name: 'The chosen backup' });
  await expect(chosen).toContainText('the whole database');
  await job(page, 'Backup of e2e_shop').getByRole('button', { name: 'Log' }).click();
  await picture(page, '3-made');
  await page.getByRole('button', { name: 'Put away' }).click();

  await chosen.getByRole('button', { name: 'Restore drill' }).click();
  await picture(page, '4-drilling');
  await expect(chosen).toContainText('equal to the snapshot', { timeout: 90_000 });
  await picture(page, '5-drilled');
  expect(await serious(page)).toEqual([]);

  await chosen.getByRole('button', { name: 'Restore…' }).click();
  await dialog.getByRole('radio', { name: 'Only what I pick' }).click();
  await dialog.getByRole('button', { name: 'Leave all' }).click();
  await dialog.getByRole('searchbox').fill('customer');
  await dialog.getByRole('checkbox').first().check();
  await picture(page, '6-restore-what');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByLabel('Name of the new database').fill('e2e_restored');
  await picture(page, '7-restore-where');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await picture(page, '8-restore-options');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect(dialog).toContainText('the database is dropped again');
  await picture(page, '9-restore-review');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(job(page, 'into e2e_restored')).toContainText('rows restored', { timeout: 60_000 });

  await page.getByRole('tab', { name: 'Schedules' }).click();
  await page.getByRole('button', { name: 'New schedule…' }).click();
  await dialog.getByLabel('Connection', { exact: true }).selectOption({ label: 'Shop' });
  await dialog.getByLabel('When').selectOption('weekly');
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Weekly');
  // Days away: it must not begin by itself.
  await dialog.getByLabel('On', { exact: true }).selectOption(String((new Date().getDay() + 3) % 7));
  await expect(dialog.getByText(/^Next:/)).toBeVisible();
  await picture(page, '10-schedule');
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save schedule' }).click();
  await expect(page.getByRole('list', { name: 'Schedules' })).toContainText('Weekly');
  await page.getByRole('button', { name: 'Run Weekly now' }).click();
  await expect(job(page, 'Backup of e2e_shop')).toContainText('read back and sound', { timeout: 60_000 });
  await picture(page, '11-schedules');
  const client = await howdah.client(page);
  expect((await client.backups.list()).backups.map(({ state }) => state)).toEqual(['good', 'good']);
});

/** With a row that is another after its restore, and one that is gone. */
const dump = [
  '--\n-- PostgreSQL database dump\n--\n',
  'CREATE TABLE public.part (a integer, b text);\nCREATE TABLE public.whole (a integer);\n',
  'COPY public.part (a, b) FROM stdin;\n1\tone\n2\ttwo\n\\.\n\nCOPY public.whole (a) FROM stdin;\n1\n2\n\\.\n',
  "UPDATE public.part SET b = 'zwei' WHERE a = 2;\nDELETE FROM public.whole WHERE a = 1;\n",
  '--\n-- PostgreSQL database dump complete\n--\n',
].join('\n');

test('a dump from elsewhere is run after a question only, and a drill that differs is no success', async ({
  page,
  howdah: _,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Open a backup…' }).first().click(),
  ]);
  await chooser.setFiles({ name: 'sent by mail.sql', mimeType: 'application/sql', buffer: Buffer.from(dump) });
  const chosen = page.getByRole('region', { name: 'The chosen backup' });
  await expect(chosen).toContainText('of a file from elsewhere');
  const question = page.getByRole('dialog', { name: 'Try out a file from elsewhere?' });
  await chosen.getByRole('button', { name: 'Restore drill' }).click();
  await expect(question).toContainText('by the superuser of a PostgreSQL made for it');
  await picture(page, '21-question');
  expect(await serious(page)).toEqual([]);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await expect(chosen).toContainText('Never restored for a try');
  await chosen.getByRole('button', { name: 'Restore drill' }).click();
  await question.getByRole('button', { name: 'Restore drill' }).click();
  await expect(job(page, 'Restore drill of')).toContainText('Restored with 2 differences', { timeout: 90_000 });
  await expect(chosen.getByRole('listitem')).toHaveText([
    'public.whole has 1 rows; the dump has 2.',
    'The rows of public.part are not those of the dump.',
  ]);
  await expect(page.getByRole('row', { name: /sent by mail/ })).toContainText('differs');
  await picture(page, '22-differs');
  expect(await serious(page)).toEqual([]);
});

const dumpMajor = (() => {
  try {
    return Number(/ (\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1] ?? 0);
  } catch {
    return 0;
  }
})();

test('dumped by pg_dump, with its command, and restored in parts; a server too new is told of', async ({
  page,
  howdah,
}) => {
  test.skip(dumpMajor !== 15, 'pg_dump 15 is not installed here');
  const server = await startServer(15);
  try {
    await server.query(
      'create role seller; create schema shop; create table shop.orders as select i as id from generate_series(1, 500) i; create view shop.latest as select * from shop.orders; alter table shop.orders owner to seller',
    );
    await page.setViewportSize({ width: 1280, height: 800 });
    await howdah.connect(page, sampleServer().url, { name: 'Newer' });
    await howdah.connect(page, server.url, { name: 'Fifteen' });
    await open(page);
    await page.getByRole('button', { name: 'Back up a database…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Connection', { exact: true }).selectOption({ label: 'Newer' });
    await dialog.getByRole('radio', { name: 'pg_dump', exact: true }).click();
    await expect(dialog).toContainText('pg_dump does not read servers that are newer');
    await expect(dialog.getByRole('button', { name: 'Back up now' })).toBeDisabled();
    await picture(page, '12-mismatch');
    await dialog.getByLabel('Connection', { exact: true }).selectOption({ label: 'Fifteen' });
    await dialog.getByLabel('Format').selectOption('directory');
    await expect(dialog).toContainText('--format=directory');
    await expect(dialog).toContainText('--jobs=2');
    await picture(page, '13-pg-dump');
    expect(await serious(page)).toEqual([]);
    await dialog.getByRole('radio', { name: 'pg_dumpall' }).click();
    await expect(dialog).toContainText('--globals-only');
    await picture(page, '14-pg-dumpall');
    await dialog.getByRole('radio', { name: 'pg_dump', exact: true }).click();
    await expect(dialog).toContainText('--format=custom');
    await dialog.getByRole('button', { name: 'Back up now' }).click();
    await expect(job(page, 'Backup of postgres')).toContainText('read back to its end', { timeout: 60_000 });
    const chosen = page.getByRole('region', { name: 'The chosen backup' });
    await expect(chosen).toContainText('pg_dump, custom');
    await job(page, 'Backup of postgres').getByRole('button', { name: 'Log' }).click();
    await picture(page, '15-dumped');
    await page.getByRole('button', { name: 'Put away' }).click();
    await chosen.getByRole('button', { name: 'Restore drill' }).click();
    await expect(chosen).toContainText('with the rows of the dump', { timeout: 60_000 });
    await picture(page, '15b-drilled');
    await chosen.getByRole('button', { name: 'Restore…' }).click();
    await dialog.getByRole('radio', { name: 'Only what I pick' }).click();
    await dialog.getByRole('searchbox').fill('latest');
    await dialog.getByRole('checkbox').first().check();
    await expect(dialog).toContainText('Comes along because it is needed: shop, orders');
    await picture(page, '16-pg-restore-what');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByLabel('Name of the new database').fill('picked');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await picture(page, '17-pg-restore-options');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await expect(dialog).toContainText('--use-list=/dev/stdin');
    await expect(dialog).toContainText('rename to picked');
    await picture(page, '18-pg-restore-review');
    expect(await serious(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(job(page, 'into picked')).toContainText('restored by pg_restore', { timeout: 60_000 });
    await page.getByRole('tab', { name: 'On the server' }).click();
    await picture(page, '19-on-server');

    await page.keyboard.press('Control+,');
    const mail = page.getByRole('region', { name: 'E-mail' });
    await mail.getByLabel('Mail server').fill('127.0.0.1');
    await mail.getByLabel('Encryption').selectOption('none');
    await mail.getByLabel('Port').fill('1');
    await mail.getByLabel('From').fill('howdah@example.org');
    await mail.getByLabel('To').fill('dba@example.org');
    await mail.getByRole('button', { name: 'Send a test' }).click();
    await expect(mail).toContainText('The test letter was not sent');
    await expect(mail).toContainText('Nothing listens at 127.0.0.1:1');
    await picture(page, '20-mail');
  } finally {
    await server.stop();
  }
});
