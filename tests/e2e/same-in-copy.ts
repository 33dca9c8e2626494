/** A recording that goes on, and its saved copy: what both say of the same stretch, to those who ask and on the pages. */
import type { Locator, Page } from '@playwright/test';
import type { Client } from '../../shared/api.ts';
import { families } from '../../shared/metrics/families.ts';
import { expect } from './howdah.ts';
import { go, grid, section, shown, showStretch } from './monitoring.ts';

export interface Recorded {
  readonly page: Page;
  readonly client: Client;
  /** Of the recording. */
  readonly id: string;
  /** Where all was read anew, by the server's clock. */
  readonly turnMs: number;
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** All that two recordings answer of the same stretch. */
async function answers(client: Client, id: string, range: Stretch) {
  const { monitor } = client;
  const question = { id, ...range, by: 'event' as const, filters: [], background: true };
  const atMs = range.toMs - 2_000;
  const tables = (wanted: readonly string[]) =>
    Promise.all(wanted.map(async (family) => [family, await monitor.table({ id, ...range, family })] as const));
  const [activity, shares, sessions, locks, blocked, blame, statements, connections, events, tabled] =
    await Promise.all([
      monitor.activity({ ...question, buckets: 20, top: 50 }),
      monitor.shares({ ...question, by: 'query', limit: 100 }),
      monitor.sessions({ id, atMs, idle: true }),
      monitor.locks({ id, atMs }),
      monitor.blocked({ id, ...range, buckets: 20 }),
      monitor.blame({ id, ...range }),
      monitor.statements({ id, ...range, order: 'totalMs', limit: 100 }),
      monitor.series({ id, ...range, family: 'connections', metrics: ['total', 'active'], keys: [], buckets: 20 }),
      monitor.events({ id, ...range }),
      tables(families.map((family) => family.id)),
    ]);
  return {
    ...{ activity, shares, sessions, locks, blocked, blame, statements, connections, events },
    ...Object.fromEntries(tabled),
  };
}

/** Of the stretch up to where all was read anew: what was counted in it is known to both, and does not change any more. */
export async function sameInCopy({ page, client, id, turnMs }: Recorded): Promise<void> {
  const { fromMs } = await client.monitor.span({ id });
  const range = { fromMs: Math.floor((fromMs ?? 0) / 1000) * 1000, toMs: Math.floor(turnMs / 1000) * 1000 };
  // The text of a statement may come a minute after its numbers: then all is copied and compared once more.
  await expect(async () => {
    const target = await client.files.chooseSave({ suggestedName: 'copy.howdah', kinds: [] });
    if (!target) throw new Error('no place for the copy');
    await client.recordings.saveCopy({ id, fileToken: target.token, redactTexts: false });
    const copy = await client.recordings.open({ fileToken: target.token });
    try {
      await same({ page, client, id, turnMs }, copy.id, range);
    } catch (thrown) {
      await client.recordings.close({ id: copy.id, alsoDelete: false });
      throw thrown;
    }
  }).toPass({ timeout: 400_000 });
}

async function same({ page, client, id }: Recorded, copyId: string, range: Stretch): Promise<void> {
  const asked = await answers(client, id, range);
  expect(asked.shares.totalMs).toBeGreaterThan(0);
  expect(asked.sessions.sessions.length).toBeGreaterThan(3);
  expect(asked.blame.length).toBeGreaterThan(0);
  expect(await answers(client, copyId, range)).toEqual(asked);

  const asLive = await screens(page, /Recording ·/, range);
  const byClass = await client.monitor.shares({
    ...{ id, ...range, by: 'class', filters: [], background: false, limit: 200 },
  });
  expect(byClass.shares.length).toBeGreaterThan(1);
  for (const share of byClass.shares) expect(asLive.Activity).toContain(shown(share.average, 'sessions'));
  expect(asLive['Who cost whom']).toContain('e2e blocker');
  expect(await screens(page, /Opened file ·/, range, asLive)).toEqual(asLive);
}

type Told = Record<string, string>;
/**
 * What the pages of one source say of a stretch: their figures and tables.
 * @param wanted what another source says: pages are read until they say so, too, as long as a page may take
 */
async function screens(page: Page, source: RegExp, stretch: Stretch, wanted?: Told): Promise<Told> {
  await page.getByRole('button', { name: 'Servers and monitoring' }).click();
  await page.getByRole('list', { name: 'Recorded servers' }).getByRole('button').filter({ hasText: source }).click();
  await showStretch(page, stretch);
  const found: Told = {};
  const read = async (name: string, place: Locator) => {
    await expect(place).toContainText(/\d/);
    const known = wanted?.[name];
    if (known !== undefined)
      await expect
        .poll(() => place.innerText(), { timeout: 20_000 })
        .toBe(known)
        .catch(() => undefined);
    found[name] = await place.innerText();
  };
  await go(page, 'Activity');
  await read('Activity', grid(page, 'Activity by wait class'));
  await page.getByRole('combobox', { name: 'Split by' }).selectOption('query');
  await read('Activity by statement', grid(page, 'Activity by statement'));
  await go(page, 'Sessions');
  await read('Sessions', grid(page, 'Sessions'));
  await go(page, 'Locks');
  await section(page, 'Who cost whom how much');
  await read('Who cost whom', grid(page, 'Who cost whom how much'));
  await go(page, 'Statements');
  await read('Statements', grid(page, 'Statements'));
  await go(page, 'Objects and sizes');
  await read('Sizes', grid(page, 'Largest tables'));
  await section(page, 'Vacuum');
  await read('Vacuum', grid(page, 'Vacuum queue'));
  await section(page, 'Wraparound and sequences');
  await read('Limits', grid(page, 'Limits'));
  await go(page, 'Replication and I/O');
  await section(page, 'I/O');
  await read('I/O', grid(page, 'I/O by process and context'));
  await go(page, 'Settings and changes');
  await section(page, /^Settings/);
  await read('Settings', grid(page, 'Settings'));
  await go(page, 'Overview');
  // A file has no backups.
  await page.getByText('Next backup').evaluate((term) => term.parentElement?.setAttribute('hidden', ''));
  await read('Overview', page.getByRole('region', { name: 'At a glance' }));
  return found;
}
