/** From `npm start` to a page a person can use, packages installed: with the build made anew, and without. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';

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
    return [
      { name: 'npm start to usable page', value: without, unit: 's', bar: 2, ok: without < 2 },
      { name: 'npm start to usable page, with the build', value: withBuild, unit: 's', bar: 5, ok: withBuild < 5 },
    ];
  } finally {
    await browser.close();
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
