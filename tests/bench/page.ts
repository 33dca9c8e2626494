/**
 * What a person waits for in the page, measured in a real Chromium over `howdah serve` and a server on this machine.
 *
 * - First paint: from the moment the server makes its first row to the end of the frame that shows it. The row says
 *   itself when it was made (a clock in this process would take from the cores that are measured: the rows would have to
 *   pass here, too); the page looks after each of its frames whether the cell is there. The two clocks are compared
 *   before each round, to half a round trip's exactness. The rest of the rows streams on meanwhile.
 * - A jump: from the key press in "Go to row" to the end of the frame in which all cells in sight have their values.
 * - Heap: Chromium's count of live bytes (JavaScript objects, buffers) after a forced collection, against the same tab
 *   with a result of 1,000 rows in it.
 * - The server, the backend and Chromium share the machine's cores: what other programs take of them counts in
 *   every figure, so their number is printed, and the quickest first paint beside the median.
 * - A window: asked for over the WebSocket by a client of this process, answered and decoded.
 */
import { availableParallelism, loadavg } from 'node:os';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import type { Client } from '../../shared/api.ts';
import { Howdah, openQuery, writeSql } from '../e2e/howdah.ts';
import { startServer, type TestServer } from '../postgres/servers.ts';

export interface Row {
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
  readonly bar?: number;
  readonly ok?: boolean;
}

const rounds = 9;
const jumps = 30;
const windows = 300;
/** Twelve mixed columns, some 250 bytes a row as text. */
const tableSql = `create unlogged table mixed as select
  g::bigint as id, 'customer ' || md5(g::text) as name, (g::bigint * 7919 % 1000003)::numeric / 100 as amount,
  '2024-01-01'::timestamptz + g * interval '13 seconds' as at,
  jsonb_build_object('kind', g % 7, 'tags', array['a', 'b'], 'note', 'n' || g) as data,
  md5(g::text)::uuid as guid, g % 2 = 0 as active, g / 7.0::float8 as ratio, '2020-01-01'::date + g % 3000 as day,
  array[g, g % 10, g % 100] as numbers, decode(md5((g * 3)::text), 'hex') as hash,
  case when g % 3 = 0 then null else 'a note, with "quotes" for ' || g end as note
  from generate_series(1, 1000000) g`;
// As in playwright.config.ts.
const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const serverClock = 'extract(epoch from clock_timestamp()) * 1000';

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] ?? Number.NaN;
const p95 = (values: readonly number[]): number => sorted(values)[Math.floor(values.length * 0.95)] ?? Number.NaN;

class Figures {
  readonly rows: Row[] = [];
  say(name: string, value: number, unit: string): void {
    this.rows.push({ name, value: Math.round(value * 10) / 10, unit });
  }
  below(name: string, value: number, unit: string, bar: number): void {
    this.rows.push({ name, value: Math.round(value * 10) / 10, unit, bar, ok: value < bar });
  }
}

/** @param millions of rows in the long result; the bars are for ten. */
export async function run(millions = 10): Promise<Row[]> {
  const server = await startServer(18);
  const howdah = new Howdah();
  let browser: Browser | undefined;
  try {
    await server.query(tableSql);
    await server.query('vacuum (analyze, freeze) mixed');
    await howdah.start();
    browser = await chromium.launch({
      executablePath: process.env.HOWDAH_CHROMIUM ?? '/usr/bin/chromium',
      args: flags.split(' '),
    });
    return await measure({ howdah, browser, server, millions });
  } finally {
    await browser?.close();
    await howdah.stop();
    await server.stop();
  }
}

interface Stage {
  readonly howdah: Howdah;
  readonly browser: Browser;
  readonly server: TestServer;
  readonly millions: number;
}

async function measure({ howdah, browser, server, millions }: Stage): Promise<Row[]> {
  const figures = new Figures();
  const manyRows = millions * 1_000_000;
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const resultIds = resultsOf(page);
  await howdah.open(page);
  await howdah.connect(page, server.url, { name: 'direct' });
  const client = await howdah.client(page);
  await client.app.saveSettings({ rowLimit: 100_000_000 });

  await openQuery(page, 'direct');
  const paints: number[] = [];
  for (let round = 0; round <= rounds; round++) paints.push(await firstPaint(page, server, `round ${round}, made at `));
  // The first round looks up what the types are called, and compiles.
  const [first = Number.NaN, ...later] = paints;
  figures.below('first paint after the server’s first row', median(later), 'ms', 60);
  figures.say('the quickest of them', Math.min(...later), 'ms');
  figures.say('the slowest of them', Math.max(...later), 'ms');
  figures.say('the very first of the page', first, 'ms');

  await openQuery(page, 'direct');
  const heap = await heapOf(page);
  await runAndWait(page, 'select * from mixed limit 1000', 1000);
  const before = await heap();
  const startedAt = performance.now();
  await runAndWait(page, `select m.* from generate_series(1, ${millions}), mixed m`, manyRows);
  figures.say(`${millions}M rows, from the key press to all there`, (performance.now() - startedAt) / 1000, 's');
  const growths = [(await heap()) - before];
  const times: number[] = [];
  await page.getByRole('grid').focus();
  for (let turn = 0; turn < jumps; turn++) times.push(await jump(page, 1 + Math.floor(Math.random() * manyRows)));
  growths.push((await heap()) - before);
  figures.below(
    `page heap growth at ${millions}M rows, after ${jumps} jumps, too`,
    Math.max(...growths) / 1e6,
    'MB',
    50,
  );
  figures.below(`jump to any of ${millions}M rows painted, p95`, p95(times), 'ms', 100);
  figures.say('jump, median', median(times), 'ms');
  const asked = await windowTimes(client, resultIds.at(-1) ?? '', manyRows);
  figures.below('window of 200 rows over the WebSocket, p95', p95(asked), 'ms', 5);
  figures.say('window, median', median(asked), 'ms');
  figures.say(`processes at work here, of all programs, on ${availableParallelism()} cores`, loadavg()[0] ?? 0, '');
  return figures.rows;
}

/** The ids of the results that the page hears of, in order. */
function resultsOf(page: Page): string[] {
  const ids: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const id = /"kind":"result","statement":\d+,"resultId":"([\w-]+)"/.exec(payload.toString())?.[1];
      if (id) ids.push(id);
    }),
  );
  return ids;
}

/** Writes and runs a query; `rows` is what the page must say in the end. */
async function runAndWait(page: Page, sql: string, rows: number): Promise<void> {
  await writeSql(page, sql);
  await page.keyboard.press('Control+Enter');
  await page
    .getByText(`${rows.toLocaleString('en-US')} rows`)
    .first()
    .waitFor({ timeout: 150_000 });
  await page.getByRole('button', { name: 'Cancel', exact: true }).waitFor({ state: 'hidden' });
}

async function firstPaint(page: Page, server: TestServer, mark: string): Promise<number> {
  await writeSql(page, `select '${mark}' || ${serverClock} as mark, * from mixed limit 200000`);
  const ahead = await clockAhead(page, server);
  const painted = await watchFrames(page, { rowIndex: 2, text: mark });
  await page.keyboard.press('Control+Enter');
  const { shownAt, text } = await painted();
  await page.getByText('200,000 rows').first().waitFor();
  return shownAt - ahead - Number(text.slice(mark.length));
}

async function jump(page: Page, row: number): Promise<number> {
  await page.keyboard.press('Control+g');
  await page.getByRole('textbox', { name: 'Row number' }).fill(String(row));
  // The header is row 1.
  const painted = await watchFrames(page, { rowIndex: row + 1, text: null });
  await page.keyboard.press('Enter');
  const { shownAt, keyAt } = await painted();
  return shownAt - keyAt;
}

/** `keyAt`: when Enter was pressed; both on the page's clock. */
interface Painted {
  /** Of the row's first cell. */
  readonly text: string;
  readonly keyAt: number;
  readonly shownAt: number;
}
declare global {
  interface Window {
    painted?: Promise<Painted>;
  }
}

/** Watches from now on; what it answers with waits for the row. */
async function watchFrames(page: Page, wanted: { rowIndex: number; text: string | null }) {
  await page.evaluate(painting, wanted);
  return () => page.evaluate(() => window.painted as Promise<Painted>);
}

/**
 * In the page: the end of the first frame after the key press in which the row is in sight, its first cell beginning with
 * this text; or, where no text is given, in which no cell in sight waits for its value. A message sent in a frame's callback
 * comes when that frame is painted.
 */
function painting(wanted: { rowIndex: number; text: string | null }): void {
  const seen = (selector: string) =>
    [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility({ visibilityProperty: true }));
  const shownText = () => {
    const [row] = seen(`[role=row][aria-rowindex="${wanted.rowIndex}"]`);
    const text = row?.querySelector('[role=gridcell][aria-colindex="1"]')?.textContent ?? '';
    const isIt = text !== '' && text.startsWith(wanted.text ?? '');
    return isIt && (wanted.text !== null || seen('.hg-waiting').length === 0) ? text : null;
  };
  window.painted = new Promise((resolve, reject) => {
    let keyAt = 0;
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Enter') keyAt ||= performance.timeOrigin + event.timeStamp;
    };
    addEventListener('keydown', key, { capture: true });
    const givenUpAt = performance.now() + 20_000;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const shownAt = performance.timeOrigin + performance.now();
      const text = keyAt > 0 ? shownText() : null;
      if (text !== null) {
        removeEventListener('keydown', key, { capture: true });
        port1.close();
        resolve({ keyAt, shownAt, text });
      } else if (performance.now() > givenUpAt) reject(new Error(`row ${wanted.rowIndex} was not shown`));
      else requestAnimationFrame(frame);
    };
    const frame = () => port2.postMessage(null);
    requestAnimationFrame(frame);
  });
}

/** How far the page's clock is ahead of the server's, in ms: by the quickest of some questions. */
async function clockAhead(page: Page, server: TestServer): Promise<number> {
  const pageClock = () => page.evaluate(() => performance.timeOrigin + performance.now());
  let quickest = Number.POSITIVE_INFINITY;
  let ahead = 0;
  for (let turn = 0; turn < 20; turn++) {
    const asked = await pageClock();
    const [row] = await server.query(`select ${serverClock} as at`);
    const answered = await pageClock();
    if (answered - asked >= quickest) continue;
    quickest = answered - asked;
    ahead = (asked + answered) / 2 - Number(row?.at);
  }
  return ahead;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** Live bytes of the page. */
async function heapOf(page: Page): Promise<() => Promise<number>> {
  const devtools: CDPSession = await page.context().newCDPSession(page);
  return async () => {
    for (let turn = 0; turn < 2; turn++) await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize = 0 }: HeapUsage = await devtools.send('Runtime.getHeapUsage');
    return usedSize + backingStorageSize;
  };
}

async function windowTimes(client: Client, resultId: string, rowCount: number): Promise<number[]> {
  const times: number[] = [];
  for (let turn = -20; turn < windows; turn++) {
    const from = Math.floor(Math.random() * (rowCount - 200));
    const askedAt = performance.now();
    const { rows } = await client.results.rows({ resultId, from, count: 200, maxCellBytes: 1024 });
    if (turn >= 0) times.push(performance.now() - askedAt);
    if (rows.length !== 200) throw new Error(`${rows.length} rows came`);
  }
  return times;
}
