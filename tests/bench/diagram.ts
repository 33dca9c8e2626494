/** Diagrams of 200, 1,000 and 2,000 tables in the page: from the key that opens them to the drawing, and moved about. */
import { rmSync } from 'node:fs';
import { type Browser, chromium, type Page } from '@playwright/test';
import pg from 'pg';
import { Howdah } from '../e2e/howdah.ts';
import { startServer, type TestServer } from '../postgres/servers.ts';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: number;
  readonly ok: boolean;
}

const bars: readonly (readonly [tables: number, drawnMs: number])[] = [
  [200, 500],
  [1_000, 1_200],
  [2_000, 2_500],
];
const rounds = 3;

/** Like a large application: hubs that many refer to, neighbours, an eighth that nothing refers to. */
function schemaOf(tables: number): string[] {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  return Array.from({ length: tables }, (_, at) => {
    const columns = Array.from(
      { length: 3 + Math.floor(random() * random() * 25) },
      (__, column) => `field_${column} text`,
    );
    const isolated = at === 0 || random() < 0.125;
    const targets = isolated
      ? []
      : Array.from({ length: 1 + Math.floor(random() * 2.2) }, () =>
          random() < 0.15
            ? Math.floor(random() * Math.min(at, 8))
            : Math.max(0, at - 1 - Math.floor(random() * random() * 30)),
        );
    const keys = targets.map((target, number) => `ref_${number} bigint references module.table_${target}`);
    return `create table module.table_${at} (${['id bigint primary key', ...keys, ...columns].join(', ')})`;
  });
}

async function makeTables(server: TestServer, database: string, tables: number): Promise<string> {
  await server.query(`create database ${database}`);
  const url = server.url.replace(/\/[^/?]*(\?|$)/, `/${database}$1`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const statements = ['create schema module', ...schemaOf(tables)];
  for (let at = 0; at < statements.length; at += 100) await client.query(statements.slice(at, at + 100).join(';'));
  await client.end();
  return url;
}

/** From the key to the frame that shows all tables, and the longest task of the page meanwhile. */
async function open(page: Page): Promise<{ drawnMs: number; blockedMs: number }> {
  return page.evaluate(async () => {
    let blockedMs = 0;
    const watch = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) blockedMs = Math.max(blockedMs, entry.duration);
    });
    watch.observe({ entryTypes: ['longtask'] });
    const began = performance.now();
    window.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'd', code: 'KeyD', altKey: true, bubbles: true, cancelable: true }),
    );
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    while (!document.querySelector('[role=application]')) {
      await frame();
      if (performance.now() - began > 60_000) throw new Error('no diagram after a minute');
    }
    // Painted in the frame after it is there.
    await frame();
    await frame();
    const drawnMs = performance.now() - began;
    watch.disconnect();
    return { drawnMs, blockedMs };
  });
}

/** Frames while it is dragged and zoomed as fast as they come. */
async function move(page: Page): Promise<{ pan: number[]; zoom: number[] }> {
  return page.evaluate(async () => {
    const canvas = document.querySelector('[role=application] canvas') as HTMLCanvasElement;
    const box = canvas.getBoundingClientRect();
    const at = (x: number, y: number) => ({
      clientX: box.left + x,
      clientY: box.top + y,
      bubbles: true,
      cancelable: true,
      pointerId: 1,
      button: 1,
      buttons: 4,
    });
    const frames = async (count: number, each: (number: number) => void): Promise<number[]> => {
      const times: number[] = [];
      let last = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      for (let number = 0; number < count; number++) {
        each(number);
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        times.push(now - last);
        last = now;
      }
      return times;
    };
    canvas.setPointerCapture = () => undefined;
    canvas.dispatchEvent(new PointerEvent('pointerdown', at(300, 300)));
    const pan = await frames(120, (number) =>
      canvas.dispatchEvent(
        new PointerEvent('pointermove', at(300 + 150 * Math.sin(number / 9), 300 + 90 * Math.cos(number / 7))),
      ),
    );
    canvas.dispatchEvent(new PointerEvent('pointerup', at(300, 300)));
    const zoom = await frames(160, (number) =>
      canvas.dispatchEvent(new WheelEvent('wheel', { ...at(400, 300), deltaY: number % 80 < 40 ? -60 : 60 })),
    );
    return { pan, zoom };
  });
}

const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** When the key is pressed: in the moment in which the tree is there, or when the page has read ahead behind it. */
type Asked = 'atOnce' | 'readAhead';

async function measured(
  browser: Browser,
  url: string,
  asked: Asked,
): Promise<{ drawn: number[]; blocked: number[]; pan: number[]; zoom: number[] }> {
  const all = { drawn: [] as number[], blocked: [] as number[], pan: [] as number[], zoom: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const howdah = new Howdah();
    try {
      await howdah.start();
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await howdah.open(page);
      await howdah.connect(page, url, { name: 'tables' });
      await page
        .getByRole('region', { name: 'Connections', exact: true })
        .getByRole('button', { name: /tables/ })
        .click();
      await page.getByRole('treeitem', { name: /module/ }).waitFor();
      if (asked === 'readAhead')
        await page.waitForFunction(() => performance.getEntriesByName('howdah:read-ahead').length > 0);
      const { drawnMs, blockedMs } = await open(page);
      all.drawn.push(drawnMs);
      all.blocked.push(blockedMs);
      const { pan, zoom } = await move(page);
      all.pan.push(...pan);
      all.zoom.push(...zoom);
      await page.close();
    } finally {
      await howdah.stop();
      rmSync(howdah.dataFolder, { recursive: true, force: true });
    }
  }
  return all;
}

export async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (name: string, value: number, bar?: number) =>
    rows.push({ name, value: Math.round(value), unit: 'ms', bar, ok: bar === undefined || value <= bar });
  const server = await startServer(18);
  const browser = await chromium.launch({
    executablePath: process.env.HOWDAH_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    for (const [tables, bar] of bars) {
      const url = await makeTables(server, `tables_${tables}`, tables);
      const atOnce = await measured(browser, url, 'atOnce');
      add(`${tables} tables, from the key in the moment in which the tree is there`, median(atOnce.drawn), bar);
      add(`${tables} tables, longest task of the page meanwhile`, median(atOnce.blocked), 50);
      const { drawn, blocked, pan, zoom } = await measured(browser, url, 'readAhead');
      add(`${tables} tables, from the key once the page has read ahead`, median(drawn), bar);
      add(`${tables} tables, longest task of the page meanwhile (read ahead)`, median(blocked), 50);
      if (tables !== 1_000) continue;
      add('1,000 tables, frame while dragged, p95', p95(pan), 33);
      add('1,000 tables, frame while zoomed, p95', p95(zoom), 33);
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  return rows;
}
