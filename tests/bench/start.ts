/** From `npm start` to a page a person can use, packages installed: with the build made anew, and without; and the sample. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { createSampleServer } from '../../electron/features/sample/sample-server.ts';

const root = join(import.meta.dirname, '..', '..');
const runs = 5;

export async function run() {
  const browser = await chromium.launch({
    executablePath: process.env.HOWDAH_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const without = await median(() => startUntilUsable(browser));
    const withBuild = await median(async () => {
      await rm(join(root, 'out', '.page'), { force: true });
      return startUntilUsable(browser);
    });
    const { loadedS, againS } = await sample();
    return [
      { name: 'the sample server, loaded for the first time', value: loadedS, unit: 's', bar: 60, ok: loadedS < 60 },
      { name: 'the sample server, started again', value: againS, unit: 's', bar: 1, ok: againS < 1 },
      { name: 'npm start to usable page', value: without, unit: 's', bar: 2, ok: without < 2 },
      { name: 'npm start to usable page, with the build', value: withBuild, unit: 's', bar: 5, ok: withBuild < 5 },
    ];
  } finally {
    await browser.close();
  }
}

/** Made and loaded, stopped, started again. */
async function sample(): Promise<{ loadedS: number; againS: number }> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'howdah-start-'));
  const log = { info: () => {}, warn: console.warn, error: console.error };
  const server = createSampleServer({ dataFolder, log, rows: 'all' });
  const opened = async () => {
    const startedAt = performance.now();
    await server.open();
    const tookS = (performance.now() - startedAt) / 1000;
    await server.stop();
    return tookS;
  };
  try {
    return { loadedS: await opened(), againS: await opened() };
  } finally {
    const { base } = JSON.parse(await readFile(join(dataFolder, 'sample', 'state.json'), 'utf8'));
    for (const folder of [base, dataFolder]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function startUntilUsable(browser: Browser): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'howdah-start-'));
  const context = await browser.newContext();
  const page = await context.newPage();
  const startedAt = performance.now();
  const npm = spawn('npm', ['start', '--', '--browser', '--data', folder], { cwd: root, detached: true });
  try {
    await page.goto(await addressFrom(npm));
    await page
      .getByRole('button', { name: /new connection/i })
      .first()
      .waitFor();
    return (performance.now() - startedAt) / 1000;
  } finally {
    await context.close();
    const ended = once(npm, 'close');
    if (npm.pid) process.kill(-npm.pid, 'SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function addressFrom(npm: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of npm.stdout ?? []) {
    said += chunk;
    const address = /http:\/\/\S+/.exec(said)?.[0];
    if (address) return address;
  }
  throw new Error(`npm start ended: ${said}`);
}

async function median(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let at = 0; at < runs; at += 1) values.push(await measure());
  return values.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}
