/** What the tests of the monitoring pages do again and again. */
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import pg from 'pg';
import type { Client } from '../../shared/api.ts';
import { type NamedRow, rowsOfTable } from '../../shared/health/evidence.ts';
import { type ShownUnit, shownAmount } from '../../shared/metrics/units.ts';
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

/** In a small window as well nobody has to scroll the table sideways. */
export async function fits(page: Page, name: string): Promise<void> {
  const usual = page.viewportSize();
  await page.setViewportSize({ width: 1024, height: 768 });
  await expect
    .poll(() => grid(page, name).evaluate((host) => host.scrollWidth - host.clientWidth), { message: name })
    .toBeLessThanOrEqual(1);
  if (usual) await page.setViewportSize(usual);
}

/** As the pages write it. */
export const shown = (value: number, unit: ShownUnit, perSecond = false) => shownAmount(value, { unit, perSecond });

/** A client that is not Howdah's: the oracle, and who does what is watched. */
export async function connected(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The one value that the server answers. */
export const told = async (client: pg.Client, sql: string): Promise<string> =>
  String((await client.query({ text: `select ${sql}`, rowMode: 'array' })).rows[0]?.[0]);

/** A family as the recording has it by now. */
export async function recorded(client: Client, id: string, family: string) {
  const { fromMs } = await client.monitor.span({ id });
  const table = await client.monitor.table({ id, fromMs: (fromMs ?? 0) - 60_000, toMs: Date.now() + 1_000, family });
  const rows: readonly NamedRow[] = rowsOfTable(table);
  return { atMs: table.atMs ?? 0, coveredMs: table.coveredMs, rows };
}

/** Waits until all of them were read after that instant: each in its turn, which a slow machine gives some of them a minute later. */
export const readAfter = (client: Client, id: string, families: readonly string[], afterMs: number) =>
  expect
    .poll(
      async () => {
        const found = await Promise.all(families.map((family) => recorded(client, id, family)));
        return families.filter((_, at) => (found[at]?.atMs ?? 0) <= afterMs);
      },
      { timeout: 200_000 },
    )
    .toEqual([]);

/**
 * Takes the recorder's connection away: it makes another one, and reads everything again at once. What is counted has then
 * been read twice, without waiting for the next time that it is due.
 * @param owner whose connection it is: others record the same server
 * @returns the server's clock just before
 */
export async function readAnew(admin: pg.Client, owner: string): Promise<number> {
  const { rows } = await admin.query<{ atMs: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as "atMs"',
  );
  const connections = "pid from pg_stat_activity where application_name = 'howdah monitor' and usename = $1";
  expect((await admin.query(`select pg_terminate_backend(pid), ${connections}`, [owner])).rowCount).toBeGreaterThan(0);
  return rows[0]?.atMs ?? 0;
}

/** Shows exactly that stretch. */
export async function showStretch(page: Page, { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<void> {
  const local = (ms: number) =>
    new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  await page.getByRole('button', { name: /^Last |^\d.*:\d\d – .*:\d\d$/ }).click();
  await page.getByRole('menuitem', { name: 'From and to…' }).click();
  await page.getByRole('textbox', { name: 'From' }).fill(local(fromMs));
  await page.getByRole('textbox', { name: 'To' }).fill(local(toMs));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
}

/** What is recorded goes on while one looks: all that is compared is read again until it meets. */
export const agreed = (compared: () => Promise<void>) => expect(compared).toPass({ timeout: 120_000 });
/** That words which change are told there. */
export const telling = (place: Locator, wanted: () => Promise<string>) =>
  agreed(async () => expect(place).toContainText(await wanted(), { timeout: 1_000 }));
